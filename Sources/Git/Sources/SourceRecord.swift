import Foundation

/// The note that a commit is whole in a cache, with the tags that came with it.
///
/// One file per depth and commit; its time is that of its last use.
struct SourceRecord {
    private let url: URL

    init(of commit: ObjectID, depth: Int?, in cache: String) {
        url = Self.folder(depth, in: cache).appending(path: commit.sha)
    }

    var exists: Bool { FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) }

    func write(_ header: BundleHeader) throws(GitError) {
        let path = url.path(percentEncoded: false)
        let folder = url.deletingLastPathComponent()
        try Files.makeFolder(folder.deletingLastPathComponent().path(percentEncoded: false))
        try Files.makeFolder(folder.path(percentEncoded: false))
        try Files.replace(path, with: header.bytes)
    }

    func read() throws(GitError) -> BundleHeader {
        guard let bytes = try? Data(contentsOf: url) else {
            throw GitError(
                .notFound,
                "the commit \(url.lastPathComponent) is not in the cache",
                advice: "obtain it from the master first"
            )
        }
        return try BundleHeader.read(from: [UInt8](bytes)[...]).0
    }

    /// Notes that the commit was used.
    func touch() {
        // A missed note costs at most a larger transfer.
        try? FileManager.default.setAttributes(
            [.modificationDate: Date()],
            ofItemAtPath: url.path(percentEncoded: false)
        )
    }

    /// The commits used last.
    static func newest(_ count: Int, depth: Int?, in cache: String) -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder(depth, in: cache),
            includingPropertiesForKeys: [.contentModificationDateKey]
        )
        let dated = (files ?? []).filter { ObjectID(hex: $0.lastPathComponent.utf8) != nil }.map {
            let values = try? $0.resourceValues(forKeys: [.contentModificationDateKey])
            return ($0.lastPathComponent, values?.contentModificationDate ?? .distantPast)
        }
        return dated.sorted { $0.1 > $1.1 }.prefix(count).map(\.0)
    }

    static func removeAll(in cache: String) throws(GitError) {
        let folder = root(in: cache)
        guard FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) else {
            return
        }
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            throw GitError(.other, "cannot empty the cache: \(error.localizedDescription)")
        }
    }

    private static func root(in cache: String) -> URL {
        URL(filePath: cache).appending(path: "slipway-sources")
    }

    private static func folder(_ depth: Int?, in cache: String) -> URL {
        root(in: cache).appending(path: depth.map { "\($0)" } ?? "all")
    }
}
