import CLibgit2
import Glibc

/// A ref as it is stored: its name in bytes, and the object it points to.
struct StoredRef: Hashable, Sendable {
    var name: [UInt8]
    var target: ObjectID

    /// The text that stands for its name.
    var text: String { RefText.encode(name) }
}

extension GitRepository {
    /// Every branch and tag, or every ref below a prefix; refs that cannot be read are left out.
    func storedRefs(
        below prefixes: [String] = ["refs/heads/", "refs/tags/"],
        countMax: Int = .max
    ) throws(GitError) -> [StoredRef] {
        var found: [StoredRef] = []
        for prefix in prefixes {
            let repository = pointer
            let pattern = prefix + "*"
            let iterator = try Handle("list the refs", free: git_reference_iterator_free) {
                git_reference_iterator_glob_new(&$0, repository, pattern)
            }
            var next: OpaquePointer?
            while git_reference_next(&next, iterator.pointer) == 0, let ref = next {
                defer { git_reference_free(ref) }
                guard let stored = stored(ref) else { continue }
                guard found.count < countMax else {
                    throw GitError(.tooLarge, "the repository has more than \(countMax) refs")
                }
                found.append(stored)
            }
        }
        return found
    }

    /// Whether there is any ref at all.
    var hasRefs: Bool {
        get throws(GitError) {
            let repository = pointer
            let iterator = try Handle("list the refs", free: git_reference_iterator_free) {
                git_reference_iterator_new(&$0, repository)
            }
            var name: UnsafePointer<CChar>?
            return git_reference_next_name(&name, iterator.pointer) == 0
        }
    }

    /// What a ref of that exact name points to.
    func target(ofRef name: [UInt8]) -> ObjectID? {
        guard name.isRefName else { return nil }
        var id = git_oid()
        let status = git_reference_name_to_id(&id, pointer, name.cString)
        return status == 0 ? ObjectID(id) : nil
    }

    /// Creates or moves a ref.
    func setRef(_ name: [UInt8], to target: ObjectID) throws(GitError) {
        var id = target.raw
        let status = git_reference_create(nil, pointer, name.cString, &id, 1, nil)
        try check(status, "write the ref \(RefText.encode(name))")
    }

    /// Removes a ref; one that is not there is no error.
    func removeRef(_ name: [UInt8]) throws(GitError) {
        let status = git_reference_remove(pointer, name.cString)
        if status != GIT_ENOTFOUND.rawValue {
            try check(status, "remove the ref \(RefText.encode(name))")
        }
    }

    /// The full name of the branch that `HEAD` names, born or not; nil when it is detached.
    var headBranch: [UInt8]? {
        var ref: OpaquePointer?
        guard git_reference_lookup(&ref, pointer, "HEAD") == 0, let ref else { return nil }
        defer { git_reference_free(ref) }
        return git_reference_symbolic_target(ref).map(bytes(of:))
    }

    private func stored(_ ref: OpaquePointer) -> StoredRef? {
        let name = git_reference_name(ref).map(bytes(of:)) ?? []
        if let target = git_reference_target(ref) {
            return StoredRef(name: name, target: ObjectID(target.pointee))
        }
        return target(ofRef: name).map { StoredRef(name: name, target: $0) }
    }
}

/// The bytes of a C string, without its end.
func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
    [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text)))
}

extension [UInt8] {
    /// Whether Git allows a ref of this full name; a NUL would cut it.
    var isRefName: Bool {
        var isValid: Int32 = 0
        return !contains(0) && git_reference_name_is_valid(&isValid, cString) == 0 && isValid == 1
    }

    /// The bytes as a C string; only for those that hold no NUL.
    var cString: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}
