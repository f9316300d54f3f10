import CLibgit2
import Foundation

/// The packs of one repository.
///
/// Every push adds a small pack, and every look for an object asks them all.
struct PackFolder {
    /// A pack and its index.
    struct Pack {
        /// Without its ending.
        var stem: URL
        var byteCount: Int

        /// The path of the file with this ending.
        func path(_ ending: String) -> String {
            stem.appendingPathExtension(ending).path(percentEncoded: false)
        }

        /// Packs of one rank differ in size by less than eight times.
        fileprivate var rank: Int { (Int.bitWidth - byteCount.leadingZeroBitCount) / 3 }
    }

    /// Packs of one rank.
    private static let countMax = 20
    private static let mergedBytesMax = 8 << 20
    private static let slackBytes = 64 << 20

    private let url: URL

    init(_ folder: String) {
        url = URL(filePath: folder, directoryHint: .isDirectory)
    }

    func packs() throws(GitError) -> [Pack] {
        do {
            return try FileManager.default
                .contentsOfDirectory(at: url, includingPropertiesForKeys: [.fileSizeKey])
                .filter { $0.pathExtension == "pack" }
                .map { file in
                    let size = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
                    return Pack(stem: file.deletingPathExtension(), byteCount: size)
                }
        } catch {
            throw GitError(.other, "cannot list the packs: \(error.localizedDescription)")
        }
    }

    /// Whether the packs hold far more than one commit can need.
    var isBloated: Bool {
        get throws(GitError) {
            let sizes = try packs().map(\.byteCount)
            return sizes.reduce(0, +) > 2 * (sizes.max() ?? 0) + Self.slackBytes
        }
    }

    func removeAll() throws(GitError) {
        for pack in try packs() { remove(pack) }
    }

    /// Whether objects were left out on purpose, to be fetched when needed.
    var areFiltered: Bool {
        get throws(GitError) {
            try packs().contains {
                FileManager.default.fileExists(atPath: $0.path("promisor"))
            }
        }
    }

    /// Removes what a process that was killed left half written.
    func removeLeftovers() {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: url.path(percentEncoded: false)
        )
        for name in names ?? [] where name.utf8.starts(with: "pack_git2_".utf8) {
            try? FileManager.default.removeItem(at: url.appending(path: name))
        }
    }

    /// Copies every pack, each before its index, as Git itself does.
    func copy(into folder: String) throws(GitError) {
        for pack in try packs() {
            for ending in ["pack", "idx"] {
                let name = "\(pack.stem.lastPathComponent).\(ending)"
                try Files.copy(pack.path(ending), to: folder + "/" + name)
            }
        }
    }

    /// Makes one pack of many small ones of about the same size.
    ///
    /// Nobody else may read the repository meanwhile.
    func mergeSmall(of repository: borrowing GitRepository) throws(GitError) {
        let small = try packs().filter { $0.byteCount <= Self.mergedBytesMax }
        let ranks = Dictionary(grouping: small, by: \.rank).filter {
            $0.value.count > Self.countMax
        }
        for (_, packs) in ranks { try merge(packs, of: repository) }
    }

    private func merge(
        _ merged: [Pack],
        of repository: borrowing GitRepository
    ) throws(GitError) {
        var items: [ObjectCollector.Item] = []
        for pack in merged {
            items += try objects(in: pack).map { ObjectCollector.Item(id: $0, name: []) }
        }
        let before = Set(try packs().map(\.stem))
        try PackBuilder(items, of: repository).write(intoFolder: url.path(percentEncoded: false))
        // The same objects make a pack of the same name, which must stay.
        guard try packs().contains(where: { !before.contains($0.stem) }) else { return }
        for pack in merged { remove(pack) }
    }

    private func objects(in pack: Pack) throws(GitError) -> [ObjectID] {
        let odb = try Handle("read a pack", free: git_odb_free) { git_odb_new(&$0) }
        let index = pack.path("idx")
        var backend: UnsafeMutablePointer<git_odb_backend>?
        try check(git_odb_backend_one_pack(&backend, index), "open \(index)")
        // From here on the backend belongs to the database.
        try check(git_odb_add_backend(odb.pointer, backend, 1), "open \(index)")
        var found: [ObjectID] = []
        let status = withUnsafeMutablePointer(to: &found) { found in
            git_odb_foreach(
                odb.pointer,
                { id, payload in
                    guard let id = id?.pointee, let payload else { return -1 }
                    payload.assumingMemoryBound(to: [ObjectID].self).pointee.append(ObjectID(id))
                    return 0
                },
                found
            )
        }
        try check(status, "list \(index)")
        return found
    }

    private func remove(_ pack: Pack) {
        // The index goes first: without it no one looks for the pack.
        for ending in ["idx", "pack"] {
            try? FileManager.default.removeItem(at: pack.stem.appendingPathExtension(ending))
        }
    }
}
