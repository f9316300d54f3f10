/// Answer of `GET /worker/v1/source/{repository}/{sha}/submodules`: each after the one it is in.
///
/// The pack of each is at `…/submodules/{place in the list}?have=&depth=`.
package struct SubmodulesMessage: Codable, Sendable {
    package var submodules: [SubmoduleMessage]

    package init(submodules: [SubmoduleMessage]) {
        self.submodules = submodules
    }
}

/// A submodule of a commit, or of one of its submodules.
package struct SubmoduleMessage: Codable, Sendable {
    /// From the top of the checkout.
    package var path: String
    package var name: String
    /// Without what signs in.
    package var url: String
    package var sha: String
    /// The place in the list of the submodule that it is in.
    package var parent: Int?
    /// What its commits are kept under: equal for submodules that share their objects.
    package var store: String

    package init(
        path: String,
        name: String,
        url: String,
        sha: String,
        parent: Int?,
        store: String
    ) {
        self.path = path
        self.name = name
        self.url = url
        self.sha = sha
        self.parent = parent
        self.store = store
    }
}
