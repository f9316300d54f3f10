import Core
import Crypto
import Foundation
import Glibc

/// How much caches may take of this machine.
package struct CacheLimits: Sendable {
    /// Of all caches together; those used longest ago go first.
    package var bytesMax: Int
    package var entryBytesMax: Int
    /// Names looked at in one workspace.
    package var filesMax: Int
    package var depthMax: Int
    package var secondsMax: Int

    package init(
        bytesMax: Int = 10 << 30,
        entryBytesMax: Int = 4 << 30,
        filesMax: Int = 500_000,
        depthMax: Int = 100,
        secondsMax: Int = 600
    ) {
        self.bytesMax = bytesMax
        self.entryBytesMax = entryBytesMax
        self.filesMax = filesMax
        self.depthMax = depthMax
        self.secondsMax = secondsMax
    }
}

/// The caches of this machine: packs in folders by repository and ref.
///
/// A pack is put in place whole and never changed; when it was used last is the time of the note
/// beside it.
struct CacheStore: Sendable {
    let folder: String
    let limits: CacheLimits

    /// What stands beside a pack.
    private struct Note: Codable {
        var key: String
        var paths: [String]
    }

    /// A pack that is there.
    struct Hit: Sendable, Equatable {
        var key: String
        /// Without its ending.
        var path: String
        var isExact: Bool
    }

    init(folder: String, limits: CacheLimits) throws {
        self.folder = folder
        self.limits = limits
        try Folder.createAll(folder)
        for path in paths(endingIn: ".new") { unlink(path) }
    }

    /// The pack to be taken for a key, else the newest whose key begins as one of `restore` says.
    func find(
        _ key: String,
        or restore: [String],
        paths: [String],
        in scope: CacheScope
    ) -> Hit? {
        for ref in scope.readable {
            let path = place(of: key, paths, ref, scope)
            if access("\(path).pack", F_OK) == 0 { return Hit(key: key, path: path, isExact: true) }
        }
        let known = scope.readable.map { packs(of: $0, scope, paths: paths) }
        for beginning in restore {
            for packs in known {
                let meant = packs.filter { $0.key.utf8.starts(with: beginning.utf8) }
                if let newest = meant.max(by: { $0.usedAt < $1.usedAt }) {
                    return Hit(key: newest.key, path: newest.path, isExact: false)
                }
            }
        }
        return nil
    }

    /// Unpacks a hit into a workspace and gives how many files it held.
    func restore(_ hit: Hit, into workspace: WorkspaceFiles) async throws -> Int {
        do {
            let pack = try Descriptor.open("\(hit.path).pack", O_RDONLY)
            utimensat(AT_FDCWD, "\(hit.path).json", nil, 0)
            var reader = try CacheReader(pack)
            try await reader.unpack(into: workspace)
            return reader.files
        } catch let error as JobRunnerError where error.code == .damaged {
            remove(hit.path)
            throw error
        }
    }

    /// Packs files of a workspace under a key and gives how many there were; nil where the key is
    /// there already.
    func save(
        _ paths: [String],
        of workspace: WorkspaceFiles,
        as key: String,
        in scope: CacheScope
    ) async throws -> Int? {
        if find(key, or: [], paths: paths, in: scope) != nil { return nil }
        let path = place(of: key, paths, scope.ref, scope)
        try Folder.createAll(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)))
        let draft = "\(path)-\(UUID().uuidString).new"
        defer { unlink(draft) }
        let file = try Descriptor.open(draft, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        var writer = CacheWriter(to: file, limits: limits)
        for path in paths { try await writer.take(path, from: workspace) }
        guard writer.files > 0 else { return 0 }
        try writer.finish()
        makeRoom(for: writer.bytes)
        let note = try JSONEncoder().encode(Note(key: key, paths: paths))
        try Folder.write(Array(note), to: "\(path).json")
        _ = try retrying("put in place", "\(path).pack") { rename(draft, "\(path).pack") }
        return writer.files
    }

    // MARK: Where things lie

    private func place(
        of key: String,
        _ paths: [String],
        _ ref: String,
        _ scope: CacheScope
    ) -> String {
        let name = digest(([key] + paths).joined(separator: "\0"))
        return "\(home(of: ref, scope))/\(name)"
    }

    private func home(of ref: String, _ scope: CacheScope) -> String {
        "\(folder)/\(digest(scope.repository))/\(digest(ref))"
    }

    private func digest(_ text: String) -> String {
        String(hexadecimal(SHA256.hash(data: Array(text.utf8))).prefix(32))
    }

    /// Those of one ref that hold the same paths.
    private func packs(
        of ref: String,
        _ scope: CacheScope,
        paths: [String]
    ) -> [(key: String, path: String, usedAt: Int)] {
        let home = home(of: ref, scope)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: home)) ?? []
        return names.filter { $0.hasSuffix(".pack") }.compactMap { name in
            let path = "\(home)/\(name.dropLast(".pack".count))"
            guard let bytes = try? Folder.read("\(path).json"),
                let note = try? JSONDecoder().decode(Note.self, from: Data(bytes)),
                note.paths == paths
            else { return nil }
            return (note.key, path, modified("\(path).pack"))
        }
    }

    // MARK: How much there is

    /// Removes those used longest ago until there is room.
    private func makeRoom(for bytes: Int) {
        let packs = paths(endingIn: ".pack").map { path in
            let stem = String(path.dropLast(".pack".count))
            return (path: stem, size: size(path), usedAt: modified("\(stem).json"))
        }
        var total = packs.reduce(bytes) { $0 + $1.size }
        for pack in packs.sorted(by: { $0.usedAt < $1.usedAt }) where total > limits.bytesMax {
            remove(pack.path)
            total -= pack.size
        }
    }

    private func remove(_ path: String) {
        unlink("\(path).pack")
        unlink("\(path).json")
    }

    private func paths(endingIn ending: String) -> [String] {
        let all = FileManager.default.subpaths(atPath: folder) ?? []
        return all.filter { $0.hasSuffix(ending) }.map { "\(folder)/\($0)" }
    }

    private func status(_ path: String) -> FileStatus? {
        try? Descriptor.open(path, O_RDONLY).status()
    }

    private func size(_ path: String) -> Int { status(path)?.size ?? 0 }

    private func modified(_ path: String) -> Int { status(path)?.modifiedAt ?? 0 }
}
