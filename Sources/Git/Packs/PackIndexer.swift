import CLibgit2

/// Takes a pack piece by piece, checks every object in it, and adds it to a folder of packs.
///
/// Nothing is seen of the pack before `commit()`; without it nothing stays.
struct PackIndexer: ~Copyable {
    private let handle: Handle
    private let folder: String
    private let control: FetchControl?
    private var progress = git_indexer_progress()

    init(intoFolder folder: String, control: FetchControl? = nil) throws(GitError) {
        let payload = control.map { Unmanaged.passUnretained($0).toOpaque() }
        self.folder = folder
        self.control = control
        handle = try Handle("start a pack in \(folder)", free: git_indexer_free) {
            var options = git_indexer_options()
            git_indexer_options_init(&options, numericCast(GIT_INDEXER_OPTIONS_VERSION))
            options.progress_cb = { FetchControl.note($0, for: $1) }
            options.progress_cb_payload = payload
            return git_indexer_new(&$0, folder, 0o444, nil, &options)
        }
    }

    /// Takes the next bytes; gives the status of libgit2, for use inside its callbacks.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        progress.received_bytes += bytes.count
        return git_indexer_append(handle.pointer, bytes.baseAddress, bytes.count, &progress)
    }

    /// Puts the pack in place.
    mutating func commit() throws(GitError) {
        let status = git_indexer_commit(handle.pointer, &progress)
        try control?.check()
        try check(status, "index the pack in \(folder)")
    }
}

extension FetchControl {
    /// What a progress callback of libgit2 answers: not 0 ends the transfer.
    static func note(
        _ stats: UnsafePointer<git_indexer_progress>?,
        for payload: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let stats = stats?.pointee, let payload else { return 0 }
        let control = Unmanaged<FetchControl>.fromOpaque(payload).takeUnretainedValue()
        var progress = FetchProgress()
        progress.objectsTotal = Int(stats.total_objects)
        progress.objectsReceived = Int(stats.received_objects)
        progress.bytesReceived = stats.received_bytes
        return control.advance(to: progress) ? 0 : GIT_EUSER.rawValue
    }
}
