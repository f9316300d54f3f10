import Glibc

/// Removes folders that a container wrote: links are not followed, and no depth is too deep.
enum TreeRemoval {
    /// Levels after which a folder is first moved up, so that nesting costs no descriptors.
    private static let depthMax = 64

    private static let batchMax = 4_096

    /// Removes a folder with all that is in it; it may be gone already.
    static func remove(_ path: String) throws(JobRunnerError) {
        do throws(JobRunnerError) {
            try empty(path)
            _ = try retrying("remove the folder", path) { rmdir(path) }
        } catch {
            if error.code != .missing { throw error }
        }
    }

    /// Removes all that is in a folder.
    static func empty(_ path: String) throws(JobRunnerError) {
        let root = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        var moved = 0
        try empty(root, root: root, depth: 0, moved: &moved)
    }

    private static func empty(
        _ folder: borrowing Descriptor,
        root: borrowing Descriptor,
        depth: Int,
        moved: inout Int
    ) throws(JobRunnerError) {
        while true {
            let names = try Folder.entries(folder, max: batchMax)
            if names.isEmpty { return }
            for name in names {
                try remove(name, from: folder, root: root, depth: depth, moved: &moved)
            }
        }
    }

    private static func remove(
        _ name: [CChar],
        from folder: borrowing Descriptor,
        root: borrowing Descriptor,
        depth: Int,
        moved: inout Int
    ) throws(JobRunnerError) {
        if unlinkat(folder.number, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else {
            throw .system("remove", shown(name), errno: errno)
        }
        if depth >= depthMax {
            moved += 1
            let place = ".slipway-removal-\(moved)"
            _ = try retrying("move", shown(name)) {
                renameat(folder.number, name, root.number, place)
            }
            return
        }
        let child = try open(name, in: folder)
        try empty(child, root: root, depth: depth + 1, moved: &moved)
        _ = try retrying("remove the folder", shown(name)) {
            unlinkat(folder.number, name, AT_REMOVEDIR)
        }
    }

    private static func open(
        _ name: [CChar],
        in folder: borrowing Descriptor
    ) throws(JobRunnerError) -> Descriptor {
        do throws(JobRunnerError) {
            return try folder.openFolder(name)
        } catch {
            // A folder without permissions stops everybody but root; ours it is all the same.
            guard fchmodat(folder.number, name, 0o700, 0) == 0 else { throw error }
            return try folder.openFolder(name)
        }
    }

    private static func shown(_ name: [CChar]) -> String {
        printable(String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
