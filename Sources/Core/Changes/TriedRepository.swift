/// Decides which repository of a server a working tree belongs to.
///
/// - Parameters:
///   - folder: The tree's top folder.
///   - remotes: The URLs of its remotes.
///   - known: The server's repositories.
/// - Returns: The name of the one that has one of those URLs, or is the folder itself; nil: none
///   has, or several have.
package func triedRepository(
    in folder: String,
    remotes: [String],
    among known: [(name: String, url: String)]
) -> String? {
    let places = Set(([folder, folder + "/.git"] + remotes).map(place))
    let found = known.filter { places.contains(place(of: $0.url)) }
    return found.count == 1 ? found.first?.name : nil
}

/// What all ways to write the address of one repository have in common: `host/path`, or a path.
private func place(of url: String) -> [UInt8] {
    var bytes = Array(url.utf8)
    let schemes = ["https://", "http://", "ssh://", "git://", "file://"]
    if let scheme = schemes.first(where: { bytes.starts(with: $0.utf8) }) {
        bytes.removeFirst(scheme.utf8.count)
        if let slash = bytes.firstIndex(of: UInt8(ascii: "/")) {
            bytes = host(bytes[..<slash]) + bytes[slash...]
        }
    } else if bytes.first != UInt8(ascii: "/"), let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
    {
        bytes = host(bytes[..<colon]) + [UInt8(ascii: "/")] + bytes[(colon + 1)...]
    }
    for ending in ["/", ".git", "/"] where bytes.count > ending.utf8.count {
        if bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
            bytes.removeLast(ending.utf8.count)
        }
    }
    return bytes
}

/// Without the user before it and the port after it.
private func host(_ authority: ArraySlice<UInt8>) -> [UInt8] {
    let host = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last
    return Array((host ?? []).prefix { $0 != UInt8(ascii: ":") })
}
