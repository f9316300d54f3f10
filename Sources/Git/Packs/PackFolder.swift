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
    }

    private static let countMax = 20
    private static let smallBytesMax = 8 << 20
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

    /// Copies every pack, each before its index, as Git itself does.
    func copy(into folder: String) throws(GitError) {
        for pack in try packs() {
            for ending in ["pack", "idx"] {
                let file = pack.stem.appendingPathExtension(ending)
                try Files.copy(
                    file.path(percentEncoded: false),
                    to: folder + "/" + file.lastPathComponent
                )
            }
        }
    }

    /// Makes one pack of the many small ones.
    ///
    /// Nobody else may read the repository meanwhile.
    func mergeSmall(of repository: borrowing GitRepository) throws(GitError) {
        let small = try packs().filter { $0.byteCount <= Self.smallBytesMax }
        guard small.count > Self.countMax else { return }
        var items: [ObjectCollector.Item] = []
        for pack in small {
            items += try objects(in: pack).map { ObjectCollector.Item(id: $0, name: []) }
        }
        let before = Set(try packs().map(\.stem))
        try PackBuilder(items, of: repository).write(intoFolder: url.path(percentEncoded: false))
        // The same objects make a pack of the same name, which must stay.
        guard try packs().contains(where: { !before.contains($0.stem) }) else { return }
        for pack in small { remove(pack) }
    }

    private func objects(in pack: Pack) throws(GitError) -> [ObjectID] {
        let odb = try Handle("read a pack", free: git_odb_free) { git_odb_new(&$0) }
        let index = pack.stem.appendingPathExtension("idx").path(percentEncoded: false)
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
