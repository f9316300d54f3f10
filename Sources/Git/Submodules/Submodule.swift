/// A submodule as the commit that has it says.
package struct SubmoduleLink: Equatable, Sendable {
    /// From the top of that commit.
    package var path: String
    package var name: String
    /// As it stands in the file; may be relative to the repository's own.
    package var url: String
    /// The commit it stands at.
    package var sha: String

    package init(path: String, name: String, url: String, sha: String) {
        self.path = path
        self.name = name
        self.url = url
        self.sha = sha
    }

    /// The whole URL in the repository at `parent`, as people and steps see it; the text of the
    /// file itself where it is no URL.
    package func shownURL(in parent: String) -> String {
        guard RemoteURL.isRelative(url) else { return RemoteURL.withoutSecrets(url) }
        return (try? RemoteURL(parent).resolving(relative: url).shown) ?? url
    }
}

/// A submodule as a checkout is to have it.
package struct Submodule: Equatable, Sendable {
    /// From the top of the checkout.
    package var path: String
    package var name: String
    /// As steps see it: whole, and without what signs in.
    package var url: String
    package var sha: String
    /// The place in the list of the submodule that this one is in; nil: of the commit itself.
    package var parent: Int?

    package init(path: String, name: String, url: String, sha: String, parent: Int? = nil) {
        self.path = path
        self.name = name
        self.url = url
        self.sha = sha
        self.parent = parent
    }
}

/// All submodules of a checkout, each after the one it is in.
///
/// None of them can lead out of the checkout or into another's `.git`, whoever made the list.
package struct SubmoduleTree: Equatable, Sendable {
    /// Submodules of one checkout, those of submodules counted in.
    package static let countMax = 50
    /// Submodules inside each other.
    package static let depthMax = 5

    /// No submodules.
    package static let none = SubmoduleTree()

    /// The submodules, each after the one it is in.
    package let all: [Submodule]

    private init() { all = [] }

    /// Takes a list that somebody sent.
    package init(_ all: [Submodule]) throws(SubmoduleError) {
        guard all.count <= Self.countMax else { throw Self.tooMany }
        for (index, submodule) in all.enumerated() {
            try SubmoduleNaming.check(path: submodule.path)
            try SubmoduleNaming.check(name: submodule.name, at: submodule.path)
            guard let parent = submodule.parent else { continue }
            guard all[..<index].indices.contains(parent),
                SubmoduleNaming.leads(submodule.path, into: all[parent].path)
            else {
                throw SubmoduleError(.refused, "submodule '\(submodule.path)' is in no other")
            }
        }
        for group in Dictionary(grouping: all, by: \.parent).values {
            try SubmoduleNaming.checkApart(group.map { (path: $0.path, name: $0.name) })
        }
        self.all = all
    }

    /// The submodules right in another, or in the commit itself.
    func children(of parent: Int?) -> [Submodule] { all.filter { $0.parent == parent } }

    /// Where a submodule's repository lies, from the top of the checkout.
    func gitFolder(of index: Int) -> String {
        let submodule = all[index]
        return (submodule.parent.map(gitFolder) ?? ".git") + "/modules/" + submodule.name
    }

    /// More submodules than one checkout may have.
    package static var tooMany: SubmoduleError {
        SubmoduleError(
            .refused,
            "the commit has more than \(countMax) submodules, those of submodules counted in; "
                + "leave out what the job does not need with 'update = none' in .gitmodules"
        )
    }

    /// More submodules inside each other than there may be.
    package static var tooDeep: SubmoduleError {
        SubmoduleError(.refused, "more than \(depthMax) submodules are inside each other")
    }
}
