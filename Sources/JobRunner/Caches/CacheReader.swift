import Core
import Glibc

/// Unpacks a cache into a workspace.
///
/// The pack is ours but what is in it came from a container: every path is written as any other
/// path of a workspace is, through no link.
struct CacheReader: ~Copyable {
    private let source: Descriptor
    private let size: Int
    private var offset = 0
    private(set) var files = 0

    init(_ source: consuming Descriptor) throws {
        size = try source.status().size
        self.source = source
    }

    /// Puts everything in its place; what lies there already is replaced.
    mutating func unpack(into workspace: WorkspaceFiles) async throws {
        while let entry = try next() {
            try Task.checkCancellation()
            switch entry.kind {
            case .end:
                return
            case .folder:
                try workspace.makeFolder(entry.path)
            case .link:
                let target = String(decoding: try take(entry.size), as: UTF8.self)
                try workspace.restoreLink(entry.path, to: target)
                files += 1
            case .file:
                try copy(entry, into: workspace)
                files += 1
                await Task.yield()
            }
        }
        throw damaged()
    }

    private mutating func copy(_ entry: CacheEntry, into workspace: WorkspaceFiles) throws {
        let file = try workspace.create(
            entry.path,
            below: "",
            isExecutable: entry.isExecutable
        )
        var rest = entry.size
        while rest > 0 {
            let piece = try take(min(1 << 20, rest))
            try file.write(piece)
            rest -= piece.count
        }
        // Build tools tell by it what has changed.
        try file.setModified(entry.modifiedAt)
    }

    private mutating func next() throws -> CacheEntry? {
        guard offset < size else { return nil }
        guard var entry = CacheEntry(header: try take(CacheEntry.headerBytes)),
            entry.pathBytes <= CacheEntry.pathBytesMax,
            let path = String(validating: try take(entry.pathBytes), as: UTF8.self),
            entry.kind != .link || entry.size <= CacheEntry.pathBytesMax
        else { throw damaged() }
        entry.path = path
        return entry
    }

    private mutating func take(_ count: Int) throws -> [UInt8] {
        guard count <= size - offset else { throw damaged() }
        let bytes = try source.read(at: offset, count: count)
        guard bytes.count == count else { throw damaged() }
        offset += count
        return bytes
    }

    private func damaged() -> JobRunnerError {
        JobRunnerError(code: .damaged, message: "the kept files are damaged")
    }
}
