import Foundation

/// A source as it came from the master: a bundle's header and a pack.
struct SourceFile {
    private static let headerByteCountMax = 4 << 20
    private static let pieceByteCount = 1 << 18

    let header: BundleHeader
    private let path: String
    private let packOffset: UInt64

    init(at path: String) throws(GitError) {
        self.path = path
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            let start = try file.read(upToCount: Self.headerByteCountMax) ?? Data()
            let (header, length) = try BundleHeader.read(from: [UInt8](start)[...])
            self.header = header
            packOffset = UInt64(length)
        } catch let error as GitError {
            throw error
        } catch {
            throw GitError(.other, "cannot read \(path): \(error.localizedDescription)")
        }
    }

    /// Adds the pack to a folder of packs; an empty one brings nothing.
    func index(into folder: String) throws(GitError) {
        var indexer: PackIndexer?
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            try file.seek(toOffset: packOffset)
            while let piece = try file.read(upToCount: Self.pieceByteCount), !piece.isEmpty {
                if indexer == nil { indexer = try PackIndexer(intoFolder: folder) }
                let status = piece.withUnsafeBytes { indexer?.append($0) } ?? 0
                try check(status, "read the pack in \(path)")
            }
        } catch let error as GitError {
            throw error
        } catch {
            throw GitError(.other, "cannot read \(path): \(error.localizedDescription)")
        }
        try indexer?.commit()
    }
}
