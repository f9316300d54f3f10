/// What a submodule's path and name may be, decided on bytes.
///
/// Both become paths of files. Names that lead elsewhere have made Git itself write into the
/// `.git` of others, and paths that look like options have run commands.
enum SubmoduleNaming {
    private static let byteCountMax = 512

    static func check(path: String) throws(SubmoduleError) {
        if let problem = problem(with: Array(path.utf8)) {
            throw SubmoduleError(.refused, "the submodule's path '\(shown(path))' \(problem)")
        }
    }

    static func check(name: String, at path: String) throws(SubmoduleError) {
        if let problem = problem(with: Array(name.utf8)) {
            throw SubmoduleError(
                .refused,
                "the name '\(shown(name))' of the submodule '\(shown(path))' in .gitmodules "
                    + problem
            )
        }
    }

    /// Refuses submodules of one commit of which one would lie inside another.
    static func checkApart(_ links: [(path: String, name: String)]) throws(SubmoduleError) {
        for (index, one) in links.enumerated() {
            for other in links[(index + 1)...] {
                guard overlap(one.path, other.path) || overlap(one.name, other.name) else {
                    continue
                }
                throw SubmoduleError(
                    .refused,
                    "the submodules '\(shown(one.path))' and '\(shown(other.path))' would lie "
                        + "inside each other: give them paths and names of their own"
                )
            }
        }
    }

    /// Whether a path leads to something inside another.
    static func leads(_ path: String, into folder: String) -> Bool {
        path.utf8.starts(with: Array(folder.utf8) + [UInt8(ascii: "/")])
    }

    private static func overlap(_ one: String, _ other: String) -> Bool {
        one.utf8.elementsEqual(other.utf8) || leads(one, into: other) || leads(other, into: one)
    }

    private static func problem(with bytes: [UInt8]) -> String? {
        guard !bytes.isEmpty, bytes.count <= byteCountMax else {
            return "must have 1 to \(byteCountMax) bytes"
        }
        guard bytes[0] != UInt8(ascii: "-") else { return "must not start with a dash" }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
            return "has a control byte or a backslash"
        }
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for part in parts {
            if part.isEmpty || part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
                return "must be plain, without empty parts, '.' and '..'"
            }
            if isGitFolder(part) { return "leads into a .git" }
        }
        return nil
    }

    /// Whether some file system takes the name for `.git`.
    private static func isGitFolder(_ part: ArraySlice<UInt8>) -> Bool {
        let scalars = String(decoding: part, as: UTF8.self).unicodeScalars
            .filter { !$0.properties.isDefaultIgnorableCodePoint }
        var name = Array(String(String.UnicodeScalarView(scalars)).lowercased().utf8)
        if let colon = name.firstIndex(of: UInt8(ascii: ":")) { name.removeSubrange(colon...) }
        while let last = name.last, last == UInt8(ascii: ".") || last == UInt8(ascii: " ") {
            name.removeLast()
        }
        return name.elementsEqual(".git".utf8) || name.starts(with: "git~".utf8)
    }

    /// A text of a stranger, short and on one line.
    static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(120) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: shown += "\u{FFFD}"
            case _: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
