/// The version that Git's history gives to a commit: SemVer 2.0.0.
///
/// On a tag `v1.2.0` it is `1.2.0`; after it, `1.2.1-dev.BUILD`, which sorts between the two
/// releases; without any such tag, `0.0.1-dev.BUILD`. The build's number keeps a rebuilt commit
/// from claiming a version that another build has published.
///
/// - Parameters:
///   - tag: The nearest tag; nil when there is none.
///   - distance: Commits since that tag.
///   - build: The build's number in its repository.
///   - sha: The commit.
/// - Returns: The version, without build metadata.
package func semanticVersion(tag: String?, distance: Int, build: Int, sha: String) -> String {
    guard let tag, let numbers = versionNumbers(ofTag: tag) else { return "0.0.1-dev.\(build)" }
    if distance == 0 { return numbers.map(String.init).joined(separator: ".") }
    return "\(numbers[0]).\(numbers[1]).\(numbers[2] + 1)-dev.\(build)"
}

/// The three numbers of `v1.2.3`; nil for any other tag.
private func versionNumbers(ofTag tag: String) -> [Int]? {
    let bytes = tag.utf8.first == UInt8(ascii: "v") ? tag.utf8.dropFirst() : tag.utf8[...]
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part -> Int? in
        guard part.allSatisfy({ (0x30...0x39).contains($0) }), part.count <= 9 else { return nil }
        return Int(String(decoding: part, as: UTF8.self))
    }
    return parts.count == 3 && numbers.count == 3 ? numbers : nil
}
