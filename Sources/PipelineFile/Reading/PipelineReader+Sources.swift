import Core

/// Values that reach outside: images, paths, versions, environments.
extension PipelineReader {
    /// An image reference, or a folder below `./containers/`.
    ///
    /// It ends up behind `docker create --`, so the rule is a list of allowed bytes.
    mutating func image(_ entry: Entry) -> ImageSource? {
        guard let text = plainText(entry) else { return nil }
        let folder = "./containers/"
        if text.utf8.starts(with: folder.utf8) {
            let name = String(Substring(text.utf8.dropFirst(folder.utf8.count)))
            if Name.isValid(name) { return .folder(name) }
            problems.add(
                "\(quoted(text)) does not name a folder",
                at: entry.value.start,
                hint: "'./containers/NAME' stands for containers/NAME/Dockerfile"
            )
            return nil
        }
        let bytes = text.utf8
        guard let first = bytes.first, isAlphanumeric(first), bytes.count <= imageLengthMax,
            bytes.allSatisfy({ isAlphanumeric($0) || "._-/:@".utf8.contains($0) })
        else {
            let isPath = bytes.first == UInt8(ascii: ".") || bytes.first == UInt8(ascii: "/")
            problems.add(
                "\(quoted(text)) is not an image",
                at: entry.value.start,
                hint: isPath
                    ? "an image of the repository is './containers/NAME'"
                    : "an image is written like 'debian:bookworm-slim'"
            )
            return nil
        }
        return .reference(text)
    }

    /// A path that stays below the workspace, decided on bytes.
    mutating func path(_ entry: Entry) -> String? {
        guard let text = plainText(entry) else { return nil }
        let bytes = text.utf8
        let components = bytes.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        let complaint: String?
        if bytes.isEmpty {
            complaint = "is empty"
        } else if bytes.count > pathLengthMax {
            complaint = "is longer than \(pathLengthMax) bytes"
        } else if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            complaint = "has a control character"
        } else if bytes.first == UInt8(ascii: "/") {
            complaint = "is not relative"
        } else if components.contains(where: { $0.elementsEqual("..".utf8) }) {
            complaint = "leaves the workspace"
        } else {
            return text
        }
        problems.add(
            "the path \(quoted(text)) \(complaint ?? "")",
            at: entry.value.start,
            hint: "paths are relative to the workspace, without '..'"
        )
        return nil
    }

    /// A version, in which the names of `versionNames` may stand as `${{ name }}`.
    mutating func version(_ entry: Entry) -> String? {
        guard let text = text(entry) else { return nil }
        var rest = Array(text.utf8)[...]
        var literal: [UInt8] = []
        while let byte = rest.first {
            guard rest.starts(with: "${{".utf8) else {
                literal.append(byte)
                rest = rest.dropFirst()
                continue
            }
            let inside = rest.dropFirst(3)
            guard let end = inside.indices.first(where: { inside[$0...].starts(with: "}}".utf8) })
            else {
                problems.add("'${{' without '}}'", at: entry.value.start)
                return nil
            }
            let name = String(decoding: inside[..<end].filter { $0 != 0x20 }, as: UTF8.self)
            guard versionNames.contains(name) else {
                problems.add(
                    "no value is called \(quoted(name)) in a version",
                    at: entry.value.start,
                    hint: "there are \(versionNames.listed)"
                )
                return nil
            }
            rest = inside[end...].dropFirst(2)
        }
        guard !text.isEmpty, text.utf8.count <= versionLengthMax,
            literal.allSatisfy({ isAlphanumeric($0) || "._-+~".utf8.contains($0) })
        else {
            problems.add(
                "\(quoted(text)) is not a version",
                at: entry.value.start,
                hint: "letters, digits and any of . _ - + ~, at most \(versionLengthMax)"
            )
            return nil
        }
        return text
    }

    /// Variables for commands.
    mutating func environment(_ entry: Entry) -> [String: String] {
        var environment: [String: String] = [:]
        for variable in table(entry) ?? [] {
            guard isVariableName(variable.key) else {
                problems.add(
                    "\(quoted(variable.key)) is not the name of a variable",
                    at: variable.keyMark,
                    hint: "letters, digits and '_', not beginning with a digit"
                )
                continue
            }
            if variable.value.isNull {
                problems.add(
                    "\(quoted(variable.key)) has no value",
                    at: variable.keyMark,
                    hint: "an empty one is written \"\""
                )
                continue
            }
            environment[variable.key] = plainText(variable)
        }
        return environment
    }

    /// The variables of a step or job over those it inherits.
    ///
    /// Every step carries its own copy to its worker, so a large `env` above many steps is
    /// counted before it is copied.
    mutating func merged(
        _ own: [String: String],
        over inherited: [String: String]
    ) -> [String: String] {
        environmentBytes += bytes(of: inherited) + bytes(of: own)
        guard environmentBytes <= environmentBytesMax else {
            problems.add("the 'env' of all steps together is larger than 4 MiB", at: .start)
            return [:]
        }
        return own.isEmpty ? inherited : inherited.merging(own) { _, own in own }
    }

    private func bytes(of environment: [String: String]) -> Int {
        environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }
}

extension ImageSource {
    /// Stands where an image was given that has a problem, so that it is not also missed.
    static let placeholder = ImageSource.reference("")
}

private let versionNames = ["semver", "sha", "short_sha", "branch", "tag", "build"]
private let versionLengthMax = 128
private let imageLengthMax = 512
private let pathLengthMax = 1_024
private let environmentBytesMax = 4 * 1_024 * 1_024

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case _:
        false
    }
}

private func isVariableName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
}
