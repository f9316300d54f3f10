/// What a byte of a shell script stands in.
private enum Quoting {
    case none
    case single
    case double
}

/// What takes the place of `${{ }}` in a script.
enum ScriptValue {
    case variable(String)
    case text(String)
}

/// A piece of a script: text as it is, or what stood between `${{` and `}}`.
private enum ScriptPiece {
    case text([UInt8])
    case value(String, Quoting, isBeforeWord: Bool)
}

/// Texts as a shell reads them.
enum Shell {
    /// What stands for itself between double quotes.
    static func inDoubleQuotes(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if "\\\"$`".utf8.contains(byte) { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// Changes to shell scripts that a move between systems needs.
enum Script {
    /// Puts variables in the places of `${{ }}`, each in quotes that fit where it stands.
    ///
    /// The function is asked once for each of them, in order.
    static func substituting(
        _ script: String,
        by value: (String) -> ScriptValue
    ) -> String {
        var result: [UInt8] = []
        for piece in pieces(of: Array(script.utf8)) {
            switch piece {
            case .text(let bytes): result += bytes
            case .value(let expression, let quoting, let isBeforeWord):
                switch (value(expression), quoting) {
                case (.text(let text), _): result += text.utf8
                case (.variable(let name), .single): result += "'\"${\(name)}\"'".utf8
                case (.variable(let name), _):
                    let isBraced = isBeforeWord || !name.isVariableName
                    result += (isBraced ? "${\(name)}" : "$\(name)").utf8
                }
            }
        }
        // Quotes around nothing are left where a whole text between quotes was replaced.
        return String(decoding: result, as: UTF8.self)
            .replacing("''\"${", by: "\"${").replacing("}\"''", by: "}\"")
    }

    private static func pieces(of script: [UInt8]) -> [ScriptPiece] {
        var pieces: [ScriptPiece] = []
        var text: [UInt8] = []
        var quoting = Quoting.none
        var index = 0
        while index < script.count {
            if script[index...].starts(with: "${{".utf8), let end = end(of: script, from: index) {
                pieces.append(.text(text))
                text = []
                let inner = String(decoding: script[(index + 3)..<end], as: UTF8.self)
                let next = end + 2 < script.count ? script[end + 2] : 0x20
                pieces.append(.value(inner, quoting, isBeforeWord: next.isWord))
                index = end + 2
                continue
            }
            let byte = script[index]
            switch (byte, quoting) {
            case (UInt8(ascii: "\\"), .none), (UInt8(ascii: "\\"), .double):
                text += script[index..<min(index + 2, script.count)]
                index += 2
                continue
            case (UInt8(ascii: "'"), .none): quoting = .single
            case (UInt8(ascii: "'"), .single): quoting = .none
            case (UInt8(ascii: "\""), .none): quoting = .double
            case (UInt8(ascii: "\""), .double): quoting = .none
            case (UInt8(ascii: "#"), .none) where index == 0 || script[index - 1].isSpace:
                let line = script[index...].prefix { !$0.isNewline }
                text += line
                index = line.endIndex
                continue
            case _: break
            }
            text.append(byte)
            index += 1
        }
        return pieces + [.text(text)]
    }

    private static func end(of script: [UInt8], from start: Int) -> Int? {
        var index = start + 3
        while index + 1 < script.count {
            if script[index] == UInt8(ascii: "}"), script[index + 1] == UInt8(ascii: "}") {
                return index
            }
            index += 1
        }
        return nil
    }

    /// Whether variables in a here-document of it are not expanded, because its word is quoted.
    static func hasQuotedDocument(_ script: String) -> Bool {
        ["<<'", "<<\"", "<<\\", "<<-'", "<<-\"", "<< '", "<< \""].contains { script.hasPart($0) }
    }

    /// Whether it uses what only bash has.
    static func needsBash(_ script: String) -> Bool {
        let marks = [
            "[[ ", "pipefail", "=(", "+=(", "<<<", "<(", ">(", "&>", "shopt ", "source ", "${!",
            "$'", "((", "function ", "BASH_", "pushd ", "|&", "declare ", "mapfile", "readarray",
        ]
        if marks.contains(where: script.hasPart) || hasBraces(script) { return true }
        return [",,}", "^^}", "//", "@Q}"].contains { mark in
            script.lines.contains { $0.hasPart("${") && isBashExpansion($0, mark) }
        }
    }

    /// Whether `{a,b}` stands for two words.
    private static func hasBraces(_ script: String) -> Bool {
        var isOpen = false
        var hasComma = false
        var previous: UInt8 = 0
        for byte in script.utf8 {
            switch byte {
            case UInt8(ascii: "{"):
                isOpen = !"$\\{'\"".utf8.contains(previous)
                hasComma = false
            case UInt8(ascii: "}") where isOpen && hasComma: return true
            case UInt8(ascii: ",") where isOpen: hasComma = true
            case _ where !byte.isWord && !"./-".utf8.contains(byte): isOpen = false
            case _: break
            }
            previous = byte
        }
        return false
    }

    /// Whether `${name//` or the like stands in a line.
    private static func isBashExpansion(_ line: String, _ mark: String) -> Bool {
        guard line.utf8.count <= lineBytesMax else { return false }
        let bytes = Array(line.utf8)
        var start = 0
        while let open = line.range(of: "${", from: start) {
            let word = bytes[open.upperBound...].prefix { $0.isWord }
            if bytes[word.endIndex...].starts(with: mark.utf8) { return true }
            start = open.upperBound
        }
        return false
    }

    /// Longer lines are not written by people, and are left alone.
    private static let lineBytesMax = 4_096

    /// Without `sudo` where a command begins: a step is root in its container already.
    static func withoutSudo(_ script: String) -> String {
        script.lines.map(lineWithoutSudo).joined(separator: "\n")
    }

    private static func lineWithoutSudo(_ line: String) -> String {
        guard line.utf8.count <= lineBytesMax else { return line }
        var line = line
        var start = 0
        while let found = line.range(of: "sudo ", from: start) {
            let bytes = Array(line.utf8)
            let before = bytes[..<found.lowerBound].reversed().drop(while: \.isBlank)
            let isCommand = before.first.map { "&|;({".utf8.contains($0) } ?? true
            var rest = bytes[found.upperBound...]
            for option in ["-E ", "-H ", "-n "] where rest.starts(with: option.utf8) {
                rest = rest.dropFirst(option.utf8.count)
            }
            guard isCommand, let next = rest.first, next != UInt8(ascii: "-") else {
                start = found.upperBound
                continue
            }
            line = String(decoding: bytes[..<found.lowerBound] + rest, as: UTF8.self)
            start = found.lowerBound
        }
        return line
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { isBlank || isNewline }
}
