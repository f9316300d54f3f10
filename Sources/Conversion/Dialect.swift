/// A system whose pipelines can be converted.
package enum Dialect: String, CaseIterable, Sendable {
    case github
    case gitlab
    case woodpecker
    case drone

    /// The system a file was probably written for.
    ///
    /// - Parameters:
    ///   - path: Where it lies, which says it in most cases.
    ///   - text: Its content, of which only the words at the beginning of lines are looked at.
    /// - Returns: Nil where neither says it.
    package static func guess(path: String, text: [UInt8]) -> Dialect? {
        let places: [(part: String, dialect: Dialect)] = [
            (".github/workflows", .github), (".forgejo/workflows", .github),
            (".gitea/workflows", .github), ("gitlab-ci", .gitlab), (".woodpecker", .woodpecker),
            (".drone", .drone),
        ]
        for place in places where path.hasPart(place.part) { return place.dialect }
        let words = lineWords(text)
        if words.contains("kind") { return .drone }
        if words.isSuperset(of: ["on", "jobs"]) { return .github }
        if words.contains("stages") || words.contains("script") { return .gitlab }
        if words.contains("steps") || words.contains("pipeline") { return .woodpecker }
        return nil
    }

    /// The keys that stand first in their line, with `script` also where it is indented.
    private static func lineWords(_ text: [UInt8]) -> Set<String> {
        var words: Set<String> = []
        for line in text.prefix(foreignBytesMax).split(separator: UInt8(ascii: "\n")) {
            let isIndented = line.first == UInt8(ascii: " ")
            let key = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") }
                .prefix { $0.isLetter }
            guard !key.isEmpty, line[key.endIndex...].first.map(isKeyEnd) ?? false else { continue }
            let word = String(decoding: key, as: UTF8.self)
            if !isIndented || word == "script" { words.insert(word) }
        }
        return words
    }

    private static func isKeyEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\"")
    }
}
