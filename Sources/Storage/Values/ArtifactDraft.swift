/// An artifact about to be noted; its files are in the code store already.
package struct ArtifactDraft: Sendable {
    package var name: String
    /// `sha256:…` of the manifest.
    package var digest: String
    package var files: Int
    package var bytes: Int

    package init(name: String, digest: String, files: Int, bytes: Int) {
        self.name = name
        self.digest = digest
        self.files = files
        self.bytes = bytes
    }
}
