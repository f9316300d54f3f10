import Core
import JobRunner
import NIOCore
import Wire

extension MasterClient {
    /// Sends the content of collected files, only what the store lacks.
    func upload(_ files: [WorkspaceFile], below path: String, of berth: Berth) async throws -> Int {
        var missing = try await missing(files.map(\.sha256))
        let count = missing.count
        var small: [(digest: ContentDigest, bytes: [UInt8])] = []
        var smallBytes = 0
        for file in files where missing.remove(file.sha256) != nil {
            if file.size > Self.smallBlobMax {
                try await upload(large: file, below: path, of: berth)
                continue
            }
            guard let digest = ContentDigest(file.sha256) else { continue }
            small.append((digest, try bytes(of: file, below: path, of: berth)))
            smallBytes += file.size
            if smallBytes > 32 << 20 {
                try await upload(small)
                small = []
                smallBytes = 0
            }
        }
        try await upload(small)
        return count
    }

    private func bytes(of file: WorkspaceFile, below path: String, of berth: Berth) throws
        -> [UInt8]
    {
        if let target = file.linkTarget { return Array(target.utf8) }
        return try berth.files.open(file, below: path).read(at: 0, count: file.size)
    }

    private func upload(large file: WorkspaceFile, below path: String, of berth: Berth) async throws
    {
        let opened = OpenFile(try berth.files.open(file, below: path), size: file.size)
        let pieces = AsyncThrowingStream { try await opened.next() }
        try await upload(file.sha256, size: file.size, pieces: pieces)
    }
}

/// A file that is read from its beginning to its end, once.
private actor OpenFile {
    private let descriptor: Descriptor
    private let size: Int
    private var offset = 0

    init(_ descriptor: consuming Descriptor, size: Int) {
        self.descriptor = descriptor
        self.size = size
    }

    func next() throws -> ByteBuffer? {
        guard offset < size else { return nil }
        let bytes = try descriptor.read(at: offset, count: min(1 << 20, size - offset))
        offset += bytes.count
        return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
    }
}
