import CLibgit2
import Glibc

/// Packs objects of one repository into a stream.
struct PackBuilder: ~Copyable {
    private let handle: Handle

    /// Holds the list of the objects in memory, not their content.
    init(
        _ items: [ObjectCollector.Item],
        of repository: borrowing GitRepository
    ) throws(GitError) {
        let source = repository.pointer
        let pack = try Handle("start a pack", free: git_packbuilder_free) {
            git_packbuilder_new(&$0, source)
        }
        for item in items {
            var id = item.id.raw
            try check(
                git_packbuilder_insert(pack.pointer, &id, Array(item.name).cString),
                "pack the object \(item.id.sha)"
            )
        }
        handle = pack
    }

    /// Writes the pack to an open file, piece by piece.
    func write(to descriptor: Int32) throws(GitError) {
        var descriptor = descriptor
        let status = git_packbuilder_foreach(
            handle.pointer,
            { buffer, size, payload in
                guard let buffer, let target = payload?.load(as: Int32.self) else { return -1 }
                return writeAll(UnsafeRawBufferPointer(start: buffer, count: size), to: target)
                    ? 0 : -1
            },
            &descriptor
        )
        if status == -1, errno != 0, git_error_last() == nil {
            throw GitError(.other, "cannot write the pack: \(String(cString: strerror(errno)))")
        }
        try check(status, "write the pack")
    }

    /// Writes the pack with its index into a folder of packs, under the eye of a fetch
    /// where there is one.
    func write(intoFolder folder: String, control: FetchControl? = nil) throws(GitError) {
        var indexer = try PackIndexer(intoFolder: folder, control: control)
        let status = withUnsafeMutablePointer(to: &indexer) { indexer in
            git_packbuilder_foreach(
                handle.pointer,
                { buffer, size, payload in
                    let bytes = UnsafeRawBufferPointer(start: buffer, count: size)
                    let indexer = payload?.assumingMemoryBound(to: PackIndexer.self)
                    return indexer?.pointee.append(bytes) ?? -1
                },
                indexer
            )
        }
        try control?.check()
        try check(status, "write a pack into \(folder)")
        try indexer.commit()
    }
}
