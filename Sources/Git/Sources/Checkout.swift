import CLibgit2
import Core
import Foundation

/// The making of one work tree.
struct Checkout {
    let header: BundleHeader
    let ref: String?
    let remoteURL: String
    let workspace: String
    /// Set where the work tree is that of a submodule.
    var place: SubmodulePlace?
    /// The submodules right in it, which are told to Git and filled later.
    var submodules: [Submodule] = []

    /// Fills the workspace from a cache.
    func make(from cache: borrowing GitRepository, depth: Int?) throws(GitError) {
        try place?.requireFolders()
        try requireEmptyWorkspace()
        let folder = (place?.gitFolder ?? workspace + "/.git") + "/"
        try place?.link()
        for part in [
            "", "objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags",
        ] {
            try Files.makeFolder(folder + part)
        }
        try PackFolder(cache.packFolder).copy(into: folder + "objects/pack")
        try ShallowFile.write(cut(of: cache, depth: depth), in: folder)
        try Files.write(config, to: folder + "config")
        try Files.write(refs, to: folder + "packed-refs")
        try Files.write(head, to: folder + "HEAD")
        let path = workspace
        let repository = try Handle("open \(path)", free: git_repository_free) {
            git_repository_open_ext(&$0, path, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
        }
        try checkOut(in: repository.pointer)
    }

    private func requireEmptyWorkspace() throws(GitError) {
        let entries = try? FileManager.default.contentsOfDirectory(atPath: workspace)
        if let entries, !entries.isEmpty {
            throw GitError(.other, "the workspace \(workspace) is not empty")
        }
        do {
            try FileManager.default
                .createDirectory(atPath: workspace, withIntermediateDirectories: true)
        } catch {
            throw GitError(.other, "cannot create \(workspace): \(error.localizedDescription)")
        }
    }

    private var config: [UInt8] {
        var text = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n"
        text += "\tbare = false\n\tlogallrefupdates = true\n"
        if let place { text += "\tworktree = \(quoted(place.workFolder))\n" }
        text += "[remote \"origin\"]\n\turl = \(quoted(remoteURL))\n"
        text += "\tfetch = +refs/heads/*:refs/remotes/origin/*\n"
        for submodule in submodules {
            text += "[submodule \(quoted(submodule.name))]\n\tactive = true\n"
            text += "\turl = \(quoted(submodule.url))\n"
        }
        return Array(text.utf8)
    }

    private func quoted(_ text: String) -> String {
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): [UInt8(ascii: "\\"), byte]
            case 0x0A: []
            case _: [byte]
            }
        }
        return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
    }

    /// The commits whose parents Git must not look for.
    ///
    /// Besides the end of this history these are the ends of all others in the copied packs.
    private func cut(
        of cache: borrowing GitRepository,
        depth: Int?
    ) throws(GitError) -> Set<ObjectID> {
        var cut = try CommitWindow(from: [header.commit], depth: depth, in: cache).boundary
        for id in cache.shallow where !cut.contains(id) {
            let commit = try cache.commit(id)
            if cache.parents(of: commit, id).isEmpty { cut.insert(id) }
        }
        return cut
    }

    /// The branch that is built, if it is one that can be written.
    private var branch: [UInt8]? {
        guard let ref, Ref.branch(ref) != nil else { return nil }
        let name = RefText.decode(ref).last ?? []
        return name.isRefName ? name : nil
    }

    private var head: [UInt8] {
        branch.map { Array("ref: ".utf8) + $0 + [0x0A] } ?? Array((header.commit.sha + "\n").utf8)
    }

    /// The file of all refs: the branch here and at its origin, and the tags.
    private var refs: [UInt8] {
        var refs = header.tags
        if let branch {
            let short = branch.dropFirst(Ref.branchPrefix.utf8.count)
            let remote = Array("refs/remotes/origin/".utf8) + short
            refs.append(StoredRef(name: branch, target: header.commit))
            refs.append(StoredRef(name: remote, target: header.commit))
        }
        refs.sort { $0.name.lexicographicallyPrecedes($1.name) }
        var bytes = Array("# pack-refs with: sorted\n".utf8)
        for ref in refs { bytes += Array("\(ref.target.sha) ".utf8) + ref.name + [0x0A] }
        return bytes
    }

    private func checkOut(in repository: OpaquePointer) throws(GitError) {
        var id = header.commit.raw
        let commit = try Handle("read the commit", free: git_object_free) {
            git_object_lookup(&$0, repository, &id, GIT_OBJECT_COMMIT)
        }
        var options = git_checkout_options()
        git_checkout_options_init(&options, numericCast(GIT_CHECKOUT_OPTIONS_VERSION))
        options.checkout_strategy = GIT_CHECKOUT_FORCE.rawValue
        try check(
            git_checkout_tree(repository, commit.pointer, &options),
            "check out \(header.commit.sha)"
        )
    }
}
