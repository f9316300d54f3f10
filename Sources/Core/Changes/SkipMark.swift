/// Decides whether an author asked that a commit be built by nobody.
///
/// A mark may stand anywhere in the message of the newest commit of a push: `[skip ci]`,
/// `[ci skip]`, `[no ci]`, `[skip actions]`, `[actions skip]`, each with `-` or white space
/// between its words, or `***NO_CI***`; or a last line says `skip-checks: true`.
///
/// - Parameters:
///   - message: The commit's subject and body.
///   - event: What happened. A tag is set on purpose, and so is what a person starts by hand: no
///     mark holds those up.
/// - Returns: Whether nothing is built.
package func asksToSkip(_ message: String, on event: Event) -> Bool {
    switch event {
    case .push, .pullRequest:
        let bytes = message.utf8.map(\.lowered)
        return hasMark(bytes) || hasTrailer(bytes)
    case .tag, .schedule, .pipeline, .manual, .trial:
        return false
    }
}

/// What the option of `git push -o` is called that starts no builds.
package let skipPushOption = "ci.skip"

private let marks: [[[UInt8]]] = [
    ["skip", "ci"], ["ci", "skip"], ["no", "ci"], ["skip", "actions"], ["actions", "skip"],
].map { $0.map { Array($0.utf8) } }

private let shout = Array("***no_ci***".utf8)

private func hasMark(_ bytes: [UInt8]) -> Bool {
    for start in bytes.indices {
        if bytes[start] == UInt8(ascii: "*"), bytes[start...].starts(with: shout) { return true }
        guard bytes[start] == UInt8(ascii: "[") else { continue }
        // The longest mark has 14 bytes; white space inside may make it longer, not endless.
        let rest = bytes[(start + 1)...].prefix(64)
        guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { continue }
        let words = rest[..<end].split { $0.isSpace || $0 == UInt8(ascii: "-") }.map(Array.init)
        if marks.contains(words) { return true }
    }
    return false
}

/// Whether the last lines, which Git calls trailers, hold `skip-checks: true`.
private func hasTrailer(_ bytes: [UInt8]) -> Bool {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        .map { $0.filter { !$0.isSpace } }
    guard let last = lines.lastIndex(where: { !$0.isEmpty }) else { return false }
    let first = lines[...last].lastIndex(where: \.isEmpty)
    guard let first else { return false }
    return lines[first...last].contains { $0.elementsEqual("skip-checks:true".utf8) }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }

    /// In lower case, where it is an ASCII letter.
    fileprivate var lowered: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
