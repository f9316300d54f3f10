/// One thing kept under a cache's key: a file, a folder or a link of the workspace.
struct CacheEntry: Equatable {
    enum Kind: UInt8 {
        case file = 0x66
        case folder = 0x64
        case link = 0x6C
        /// Behind the last one, so that a pack that was cut is noticed.
        case end = 0x65
    }

    var kind: Kind
    /// From the workspace on.
    var path: String
    var isExecutable = false
    /// Nanoseconds since 1970.
    var modifiedAt = 0
    /// Of the bytes that follow: a file's content, a link's target.
    var size = 0

    static let end = CacheEntry(kind: .end, path: "")

    /// Bytes of a header before its path.
    static let headerBytes = 20
    static let pathBytesMax = 4_096

    /// The header: all numbers with their most significant byte first.
    var header: [UInt8] {
        let path = Array(path.utf8)
        return [kind.rawValue, isExecutable ? 1 : 0] + bytes(UInt64(bitPattern: Int64(modifiedAt)))
            + bytes(UInt64(size)) + bytes(UInt64(path.count)).suffix(2) + path
    }

    /// Reads the fixed part of a header; nil when it is none.
    init?(header: [UInt8]) {
        guard header.count == Self.headerBytes, let kind = Kind(rawValue: header[0]),
            let size = Int(exactly: number(header[10..<18]))
        else { return nil }
        self.init(kind: kind, path: "")
        isExecutable = header[1] == 1
        modifiedAt = Int(Int64(bitPattern: number(header[2..<10])))
        self.size = size
        pathBytes = Int(number(header[18..<20]))
    }

    init(kind: Kind, path: String) {
        self.kind = kind
        self.path = path
    }

    /// Of the path that follows the header.
    private(set) var pathBytes = 0
}

private func bytes(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
}

private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}
