import CLibgit2

/// How a repository tells where its history was cut.
enum HistoryRule {
    /// By Git's `shallow` file; any other missing parent is damage.
    case listed
    /// By what is there: commits of several cut histories lie side by side.
    case present
}

/// An open repository, for one thread and one piece of work.
struct GitRepository: ~Copyable {
    /// The folder that holds `objects` and `refs`, with a slash at its end.
    let folder: String
    let pointer: OpaquePointer
    let odb: OpaquePointer
    /// Commits whose parents are left out on purpose.
    let shallow: Set<ObjectID>
    let history: HistoryRule
    /// Set where others write the objects.
    let loose: LooseObjects?

    private let handle: Handle
    private let odbHandle: Handle

    /// Opens the repository at exactly this path, bare or not; a worktree's `.git` file works too.
    init(
        at path: String,
        history: HistoryRule = .listed,
        isForeign: Bool = false
    ) throws(GitError) {
        Libgit2.start()
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
        let repository = try Handle("open \(path)", free: git_repository_free) {
            git_repository_open_ext(&$0, path, flags, nil)
        }
        try self.init(adopting: repository, history: history, isForeign: isForeign)
    }

    /// Makes an empty bare repository, or opens the one that is there.
    init(bareAt path: String) throws(GitError) {
        Libgit2.start()
        let repository = try Handle("create \(path)", free: git_repository_free) { handle in
            // Making it anew writes its configuration, in which two at once meet; the head, which
            // makes it a repository, is written last.
            let opened = git_repository_open_bare(&handle, path)
            return opened == GIT_ENOTFOUND.rawValue ? git_repository_init(&handle, path, 1) : opened
        }
        try self.init(adopting: repository, history: .listed, isForeign: false)
    }

    private init(
        adopting repository: consuming Handle,
        history: HistoryRule,
        isForeign: Bool
    ) throws(GitError) {
        let pointer = repository.pointer
        let odb = try Handle("open the objects", free: git_odb_free) {
            git_repository_odb(&$0, pointer)
        }
        self.pointer = pointer
        self.odb = odb.pointer
        folder = git_repository_commondir(pointer).map { String(cString: $0) } ?? ""
        shallow = ShallowFile.read(in: folder)
        self.history = history
        loose = isForeign ? LooseObjects(in: folder) : nil
        handle = repository
        odbHandle = odb
    }

    /// The folders that hold `HEAD` and `refs`: of a work tree's own, and of what it shares.
    var folders: [String] {
        let own = git_repository_path(pointer).map { String(cString: $0) } ?? folder
        return own == folder ? [folder] : [own, folder]
    }

    /// The folder that new packs go to.
    var packFolder: String { folder + "objects/pack" }
}

extension GitRepository {
    /// Whether the object is there.
    func has(_ id: ObjectID) -> Bool { id.isIn(odb) }

    /// The object's kind and size, without reading its content.
    func header(of id: ObjectID) throws(GitError) -> (kind: git_object_t, size: Int) {
        var raw = id.raw
        var size = 0
        var kind = GIT_OBJECT_INVALID
        try check(git_odb_read_header(&size, &kind, odb, &raw), "read the object \(id.sha)")
        return (kind, size)
    }

    /// Throws if the object's file is damaged in a way that libgit2 cannot bear.
    func requireWhole(_ id: ObjectID) throws(GitError) {
        try loose?.requireWhole(id)
    }

    /// The whole content of an object, which must be of that kind.
    func content(of id: ObjectID, kind: git_object_t) throws(GitError) -> [UInt8] {
        try requireWhole(id)
        var raw = id.raw
        let odb = odb
        let object = try Handle("read the object \(id.sha)", free: git_odb_object_free) {
            git_odb_read(&$0, odb, &raw)
        }
        guard git_odb_object_type(object.pointer) == kind else {
            throw GitError(.notFound, "the object \(id.sha) is of another kind")
        }
        let size = git_odb_object_size(object.pointer)
        guard size > 0, let data = git_odb_object_data(object.pointer) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: data, count: size))
    }

    /// Reads a commit.
    func commit(_ id: ObjectID) throws(GitError) -> CommitObject {
        try CommitObject(parsing: content(of: id, kind: GIT_OBJECT_COMMIT), of: id)
    }

    /// The commit's parents that belong to this repository: none where its history was cut.
    func parents(of commit: CommitObject, _ id: ObjectID) -> [ObjectID] {
        let odb = odb
        return switch history {
        case .listed: shallow.contains(id) ? [] : commit.parents
        case .present: commit.parents.allSatisfy { $0.isIn(odb) } ? commit.parents : []
        }
    }

    /// Reads a tree.
    func tree(_ id: ObjectID) throws(GitError) -> TreeObject {
        try TreeObject(parsing: content(of: id, kind: GIT_OBJECT_TREE), of: id)
    }

    /// The commit that an object leads to through annotated tags; nil for anything else.
    func peeled(_ id: ObjectID) throws(GitError) -> ObjectID? {
        var id = id
        for _ in 0..<Self.tagDepthMax {
            let kind = try header(of: id).kind
            if kind == GIT_OBJECT_COMMIT { return id }
            guard kind == GIT_OBJECT_TAG else { return nil }
            id = try target(ofTag: id)
        }
        return nil
    }

    /// What an annotated tag points to.
    func target(ofTag id: ObjectID) throws(GitError) -> ObjectID {
        let bytes = try content(of: id, kind: GIT_OBJECT_TAG)
        guard let line = bytes[...].value(after: "object "),
            let target = ObjectID(hex: line.prefix(2 * ObjectID.byteCount))
        else {
            throw GitError(.corrupt, "the tag \(id.sha) is malformed")
        }
        return target
    }

    private static var tagDepthMax: Int { 16 }
}

extension ObjectID {
    /// Whether a database of objects has this one.
    func isIn(_ odb: OpaquePointer) -> Bool {
        var raw = raw
        return git_odb_exists(odb, &raw) == 1
    }
}
