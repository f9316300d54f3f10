import CLibgit2
import Foundation

/// A person's checkout, with whatever is in it now: committed, staged, changed and new.
///
/// Nothing is ever written to it or to its repository.
package struct WorkingTree: Sendable {
    /// Its top folder, without a slash at the end.
    package let folder: String
    /// The full name of the branch that is checked out; nil when `HEAD` is detached.
    package let branch: String?
    private let gitFolder: String
    private let objects: String

    /// Finds the checkout that a folder lies in.
    package init(around folder: String) throws(GitError) {
        Libgit2.start()
        let repository = try Handle("find a Git work tree", free: git_repository_free) {
            git_repository_open_ext(&$0, folder, 0, nil)
        }
        guard let top = git_repository_workdir(repository.pointer) else {
            throw GitError(.notFound, "\(folder) lies in a bare repository: it has no files")
        }
        let path = String(cString: top)
        self.folder = path.utf8.count > 1 && path.utf8.last == 0x2F ? String(path.dropLast()) : path
        let open = try GitRepository(at: self.folder)
        branch = open.headBranch.map { RefText.encode($0) }
        gitFolder = open.folders[0]
        objects = open.folder + "objects"
    }

    /// The URLs of its remotes, `origin` first.
    package func remotes() throws(GitError) -> [String] {
        let repository = try GitRepository(at: folder)
        var names = git_strarray()
        try check(git_remote_list(&names, repository.pointer), "list the remotes of \(folder)")
        defer { git_strarray_dispose(&names) }
        let pointer = repository.pointer
        let found = (0..<names.count).compactMap { index -> (String, String)? in
            var remote: OpaquePointer?
            guard let name = names.strings[index],
                git_remote_lookup(&remote, pointer, name) == 0, let remote
            else { return nil }
            defer { git_remote_free(remote) }
            return git_remote_url(remote).map { (String(cString: name), String(cString: $0)) }
        }
        return found.sorted { ($0.0 == "origin" ? "" : $0.0) < ($1.0 == "origin" ? "" : $1.0) }
            .map(\.1)
    }

    /// Whose name a commit bears that had to be made.
    package struct Author: Sendable {
        package var name: String
        package var email: String

        package init(name: String, email: String) {
            self.name = name
            self.email = email
        }
    }

    /// Writes what is in the checkout now as a commit on top of its `HEAD`.
    ///
    /// Files that Git ignores are left out, unless they are tracked. Objects that the checkout's
    /// repository has are not copied: the store looks for them there.
    /// The store is a folder for a bare repository, made when it is missing. Gives the commit's
    /// name: that of `HEAD` itself when nothing differs.
    package func snapshot(into store: String, by author: Author) async throws -> String {
        try await BlockingThreads.work.run { try write(into: store, by: author) }
    }

    /// Writes the same, with the submodules standing at `modules`, the name of a commit for each
    /// path.
    func write(
        into store: String,
        by author: Author,
        modules: [(path: [UInt8], id: ObjectID)] = []
    ) throws(GitError) -> String {
        _ = try GitRepository(bareAt: store)
        try Files.makeFolder(store + "/objects/info")
        try Files.write(Array("\(objects)\n".utf8), to: store + "/objects/info/alternates")
        try copyIfThere("index", to: store + "/index")
        try Files.makeFolder(store + "/info")
        try copyIfThere("info/exclude", to: store + "/info/exclude")
        let repository = try GitRepository(at: store)
        try check(
            git_repository_set_workdir(repository.pointer, folder, 0),
            "read the files of \(folder)"
        )
        let tree = try writeTree(in: repository, modules)
        let head = try GitRepository(at: folder).target(ofRef: Array("HEAD".utf8))
        if let head, try repository.commit(head).tree == tree { return head.sha }
        return try commit(tree, on: head, by: author, in: repository).sha
    }

    /// The index knows which files have not changed, so that not all have to be read.
    private func copyIfThere(_ name: String, to path: String) throws(GitError) {
        let source = gitFolder + name
        guard FileManager.default.fileExists(atPath: source) else { return }
        if FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.removeItem(atPath: path)
        }
        try Files.copy(source, to: path)
    }

    private func writeTree(
        in repository: borrowing GitRepository,
        _ modules: [(path: [UInt8], id: ObjectID)]
    ) throws(GitError) -> ObjectID {
        let pointer = repository.pointer
        let index = try Handle("read the index", free: git_index_free) {
            git_repository_index(&$0, pointer)
        }
        try check(
            git_index_add_all(index.pointer, nil, 0, nil, nil),
            "read the files of \(folder)"
        )
        for module in modules { try stand(module, in: index.pointer) }
        var tree = git_oid()
        try check(
            git_index_write_tree(&tree, index.pointer),
            "take \(folder) as it is: is a merge in progress?"
        )
        return ObjectID(tree)
    }

    private func commit(
        _ tree: ObjectID,
        on head: ObjectID?,
        by author: Author,
        in repository: borrowing GitRepository
    ) throws(GitError) -> ObjectID {
        let seconds = Int(Date().timeIntervalSince1970)
        var text = "tree \(tree.sha)\n"
        if let head { text += "parent \(head.sha)\n" }
        let person = "\(plain(author.name)) <\(plain(author.email))> \(seconds) +0000"
        text += "author \(person)\ncommitter \(person)\n\nWhat is in the working tree\n"
        var id = git_oid()
        let bytes = Array(text.utf8)
        try check(
            git_odb_write(&id, repository.odb, bytes, bytes.count, GIT_OBJECT_COMMIT),
            "write the commit"
        )
        return ObjectID(id)
    }

    /// A name as a commit may hold it.
    private func plain(_ name: String) -> String {
        let bytes = name.utf8.filter { $0 >= 0x20 && !"<>".utf8.contains($0) }
        return bytes.isEmpty ? "nobody" : String(decoding: bytes, as: UTF8.self)
    }
}
