import Glibc

/// Where a submodule's files and its repository lie in a checkout, as Git itself lays them.
struct SubmodulePlace {
    private let workspace: String
    private let path: String
    /// From the workspace.
    private let repository: String

    init(workspace: String, index: Int, of tree: SubmoduleTree) {
        self.workspace = workspace
        path = tree.all[index].path
        repository = tree.gitFolder(of: index)
    }

    /// The whole path of its repository.
    var gitFolder: String { workspace + "/" + repository }

    /// The folder of its files, from that of its repository.
    var workFolder: String { up(from: repository) + path }

    /// Makes the folders of the repository, and tells Git in the work tree where it is.
    func link() throws(GitError) {
        var folder = workspace
        for part in repository.split(separator: "/") {
            folder += "/" + part
            try Files.makeFolder(folder)
        }
        let text = "gitdir: \(up(from: path))\(repository)\n"
        try Files.write(Array(text.utf8), to: "\(workspace)/\(path)/.git")
    }

    /// Throws where a part of the path is no folder: a link could lead out of the workspace.
    func requireFolders() throws(GitError) {
        var folder = workspace
        for part in path.split(separator: "/") {
            folder += "/" + part
            var status = stat()
            guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw GitError(
                    .refusedURL,
                    "the submodule's path '\(path)' does not lead through plain folders",
                    advice: "move the submodule to a folder of its own"
                )
            }
        }
    }

    private func up(from path: String) -> String {
        String(repeating: "../", count: path.utf8.count { $0 == UInt8(ascii: "/") } + 1)
    }
}
