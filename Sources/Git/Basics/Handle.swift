import CLibgit2

/// One object of libgit2, freed when its owner goes away.
struct Handle: ~Copyable {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Takes what `make` creates.
    ///
    /// `doing` names the work in errors, such as "open /srv/git/shop.git".
    init(
        _ doing: @autoclosure () -> String,
        free: @escaping (OpaquePointer?) -> Void,
        make: (inout OpaquePointer?) -> Int32
    ) throws(GitError) {
        var made: OpaquePointer?
        let status = make(&made)
        guard status >= 0, let made else { throw GitError.reported(status, while: doing()) }
        pointer = made
        self.free = free
    }

    deinit { free(pointer) }
}
