/// A text in which GitLab puts variables.
enum GitLabText {
    /// Variables that have an expression of ours.
    private static let names = [
        "CI_COMMIT_SHA": "sha", "CI_COMMIT_SHORT_SHA": "short_sha", "CI_COMMIT_BRANCH": "branch",
        "CI_COMMIT_TAG": "tag", "CI_COMMIT_REF_NAME": "branch", "CI_COMMIT_REF_SLUG": "branch",
        "CI_DEFAULT_BRANCH": "default_branch", "CI_PIPELINE_ID": "build",
        "CI_PIPELINE_IID": "build",
        "CI_PIPELINE_SOURCE": "event", "CI_COMMIT_MESSAGE": "message", "CI_COMMIT_AUTHOR": "author",
    ]

    /// Our text for it.
    ///
    /// - Parameters:
    ///   - text: What was written.
    ///   - matrix: Axes of the job's matrix.
    ///   - known: Variables with a value that is the same everywhere.
    /// - Returns: The text, and the variables that nothing is known of.
    static func value(
        _ text: String,
        matrix: Set<String> = [],
        known: Environment = Environment()
    ) -> (text: String, lost: [String]) {
        var result = ""
        var lost: [String] = []
        for piece in Variables.pieces(of: text) {
            switch piece {
            case .text(let text): result += text
            case .variable(let name, let rest):
                if rest.isEmpty, matrix.contains(name) {
                    result += "${{ matrix.\(name) }}"
                } else if rest.isEmpty, let ours = names[name] {
                    result += "${{ \(ours) }}"
                } else if rest.isEmpty, let value = known[name],
                    !value.hasPart("$") || value.hasPart("${{")
                {
                    result += value
                } else {
                    lost.append(name)
                    result += "$\(name)"
                }
            }
        }
        return (result, lost)
    }
}

/// `$NAME` and `${NAME}` in a text.
enum Variables {
    enum Piece {
        case text(String)
        /// What stands behind the name, between the braces, comes with it.
        case variable(String, rest: String)
    }

    static func pieces(of text: String) -> [Piece] {
        let bytes = Array(text.utf8)
        var pieces: [Piece] = []
        var plain: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            let isBraced = next == UInt8(ascii: "{")
            let start = index + (isBraced ? 2 : 1)
            guard bytes[index] == UInt8(ascii: "$"), start < bytes.count,
                isBraced ? bytes[start].isWord : next.isLetter || next == UInt8(ascii: "_")
            else {
                // Two stand for one.
                if bytes[index] == UInt8(ascii: "$"), next == UInt8(ascii: "$") { index += 1 }
                plain.append(bytes[index])
                index += 1
                continue
            }
            let name = bytes[start...].prefix(while: \.isWord)
            var end = name.endIndex
            var rest = ""
            if isBraced {
                let tail = bytes[end...].prefix { $0 != UInt8(ascii: "}") }
                rest = String(decoding: tail, as: UTF8.self)
                end = min(tail.endIndex + 1, bytes.count)
            }
            if !plain.isEmpty { pieces.append(.text(String(decoding: plain, as: UTF8.self))) }
            plain = []
            pieces.append(.variable(String(decoding: name, as: UTF8.self), rest: rest))
            index = end
        }
        if !plain.isEmpty { pieces.append(.text(String(decoding: plain, as: UTF8.self))) }
        return pieces
    }
}
