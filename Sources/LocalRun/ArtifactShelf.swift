import Foundation
import JobRunner
import Synchronization

/// The artifacts of the jobs of one run, in folders of this machine.
final class ArtifactShelf: Sendable {
    /// A file of an artifact, copied out of the workspace it was made in.
    struct Item: Sendable {
        var file: WorkspaceFile
        /// Where its bytes are; nil for a link.
        var path: String?
    }

    private let folder: String
    private let items = Mutex<[String: [Item]]>([:])

    init(folder: String) {
        self.folder = folder
    }

    private static func key(_ job: String, _ name: String) -> String { "\(job)\u{0}\(name)" }

    /// Copies files out of a berth; the bytes of equal files are kept once.
    func keep(_ files: [WorkspaceFile], as name: String, of job: String, from berth: Berth) throws {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        var kept: [Item] = []
        for file in files {
            guard file.linkTarget == nil else {
                kept.append(Item(file: file, path: nil))
                continue
            }
            let path = "\(folder)/\(file.sha256)"
            if !FileManager.default.fileExists(atPath: path) { try copy(file, of: berth, to: path) }
            kept.append(Item(file: file, path: path))
        }
        items.withLock { $0[Self.key(job, name)] = kept }
    }

    private func copy(_ file: WorkspaceFile, of berth: Berth, to path: String) throws {
        let source = try berth.files.open(file, below: "")
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard let target = FileHandle(forWritingAtPath: path) else {
            throw LocalRunError("\(path) cannot be written")
        }
        defer { try? target.close() }
        var offset = 0
        while offset < file.size {
            let bytes = try source.read(at: offset, count: min(1 << 20, file.size - offset))
            guard !bytes.isEmpty else { break }
            try target.write(contentsOf: bytes)
            offset += bytes.count
        }
    }

    /// The names of what a job has kept.
    func names(from job: String) -> Set<String> {
        let prefix = Self.key(job, "")
        return items.withLock { items in
            let keys = items.keys.filter { $0.hasPrefix(prefix) }
            return Set(keys.map { String($0.dropFirst(prefix.count)) })
        }
    }

    /// The files of an artifact; nil when the job has kept none of that name.
    func items(of name: String, from job: String) -> [Item]? {
        items.withLock { $0[Self.key(job, name)] }
    }
}
