import Core
import Crypto
import Glibc

/// A folder `containers/NAME` of a checkout, to be built into an image of the same content.
struct ImageFolder {
    let name: String
    /// Absolute.
    let path: String
    /// Names the content: the same files always give the same tag.
    let tag: String

    init(_ name: String, in workspace: String) throws {
        guard Name.isValid(name) else {
            throw refusal("containers/\(name)", "a folder of images has letters, digits, . _ -")
        }
        self.name = name
        let place = "containers/\(name)"
        path = "\(workspace)/\(place)"
        let files: [WorkspaceFile]
        do {
            files = try WorkspaceFiles(root: workspace).collect(below: place)
        } catch let error as JobRunnerError where error.code == .missing {
            throw JobRunnerError(
                code: .missing,
                message: "image ./\(place): the commit has no folder \(place)"
            )
        }
        guard files.contains(where: { $0.path.utf8.elementsEqual("Dockerfile".utf8) }) else {
            throw JobRunnerError(
                code: .missing,
                message: "image ./\(place): the folder has no file named Dockerfile"
            )
        }
        var hash = SHA256()
        for file in files {
            // Digests have one length and paths no NUL, so no two lists read the same.
            hash.update(data: Array("\(file.mode) \(file.sha256) \(file.path)\0".utf8))
        }
        let digest = hexadecimal(hash.finalize())
        tag = "slipway/\(name.lowercased()):\(digest.prefix(24))"
    }
}
