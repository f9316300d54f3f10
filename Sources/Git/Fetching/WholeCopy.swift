import Foundation

/// The first fetch of a repository on this machine: its files, copied and checked.
///
/// Packing a whole history anew takes libgit2 minutes where a copy takes a second.
enum WholeCopy {
    /// Copies all objects into an empty mirror; false where only the slow way will do.
    static func run(
        from source: borrowing GitRepository,
        into mirror: borrowing GitRepository,
        control: FetchControl
    ) throws(GitError) -> Bool {
        let target = PackFolder(mirror.packFolder)
        // What an earlier first fetch left that did not end.
        try target.removeAll()
        guard let loose = source.loose, !loose.borrows else { return false }
        let packs = PackFolder(source.packFolder)
        let before = try packs.packs()
        guard !before.isEmpty, try !packs.areFiltered else { return false }
        do throws(GitError) {
            try copy(before, into: mirror.packFolder, control)
            try copy(loose, of: source, into: mirror, control)
        } catch  where control.verdict == nil && error.code != .tooLarge {
            // A pack went away under our hands, or a file is damaged that no ref may need.
            try target.removeAll()
            return false
        } catch {
            try target.removeAll()
            throw error
        }
        // Objects that moved from files into a pack meanwhile have been missed.
        guard try Set(packs.packs().map(\.stem)) == Set(before.map(\.stem)) else {
            try target.removeAll()
            return false
        }
        try ShallowFile.write(source.shallow, in: mirror.folder)
        return true
    }

    private static func copy(
        _ packs: [PackFolder.Pack],
        into folder: String,
        _ control: FetchControl
    ) throws(GitError) {
        var progress = FetchProgress()
        for pack in packs {
            progress.objectsTotal += try PackIndexFile(at: pack.path("idx")).objectCount
        }
        guard control.advance(to: progress) else { return try control.check() }
        for pack in packs {
            for ending in ["pack", "idx"] {
                let target = "\(folder)/\(pack.stem.lastPathComponent).\(ending)"
                try Files.copy(pack.path(ending), to: target) { count throws(GitError) in
                    progress.bytesReceived += count
                    guard control.advance(to: progress) else { return try control.check() }
                }
            }
            let stem = "\(folder)/\(pack.stem.lastPathComponent)"
            try PackIndexFile(at: stem + ".idx").check(packAt: stem + ".pack")
            try control.check()
        }
    }

    private static func copy(
        _ loose: LooseObjects,
        of source: borrowing GitRepository,
        into mirror: borrowing GitRepository,
        _ control: FetchControl
    ) throws(GitError) {
        var collector = ObjectCollector { (count) throws(GitError) in
            try control.gauge(count)
        }
        for id in loose.list() where !mirror.has(id) {
            try collector.add(id, named: [], in: source)
        }
        guard !collector.items.isEmpty else { return }
        let pack = try PackBuilder(collector.items, of: source)
        try pack.write(intoFolder: mirror.packFolder, control: control)
    }
}
