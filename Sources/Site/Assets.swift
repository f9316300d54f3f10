/// The stylesheet, the script and the icon, each at an address that changes with its content.
struct Assets: Sendable {
    private struct File: Sendable {
        var path: String
        var bytes: [UInt8]
        var contentType: String
    }

    private let byName: [String: File]
    private let byPath: [String: File]

    /// Keeps those of the files that browsers ask for.
    init(_ files: [EmbeddedFile]) {
        var byName: [String: File] = [:]
        for file in files {
            guard let (stem, ending, contentType) = Self.kind(of: file.name) else { continue }
            let name = "\(stem)-\(hash(of: file.bytes)).\(ending)"
            byName[file.name] = File(
                path: Link.asset(name).path,
                bytes: file.bytes,
                contentType: contentType
            )
        }
        self.byName = byName
        byPath = Dictionary(uniqueKeysWithValues: byName.values.map { ($0.path, $0) })
    }

    /// The address of an asset, by its name in the source tree.
    func path(of name: String) -> String {
        guard let file = byName[name] else { preconditionFailure("no asset is called \(name)") }
        return file.path
    }

    /// What is at this path; nil for a path of no asset, or of an older version of one.
    func file(at path: String) -> (bytes: [UInt8], contentType: String)? {
        byPath[path].map { ($0.bytes, $0.contentType) }
    }

    private static func kind(
        of name: String
    ) -> (stem: Substring, ending: Substring, contentType: String)? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let ending = name[name.index(after: dot)...]
        let contentTypes = [
            "css": "text/css; charset=utf-8",
            "js": "text/javascript; charset=utf-8",
            "svg": "image/svg+xml",
        ]
        return contentTypes[String(ending)].map { (name[..<dot], ending, $0) }
    }
}

/// 64 bits of FNV-1a in hexadecimal: tells two versions of a file apart, and guards nothing.
private func hash(of bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
