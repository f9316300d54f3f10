/// Where a commit stands in the history of versions: the nearest tag `v1.2.3`, and how far back.
package struct VersionTag: Equatable, Sendable {
    /// Nil: no commit before it has one.
    package var tag: String?
    /// Commits since the tag; 0 when it is on the commit itself.
    package var distance: Int

    package init(tag: String?, distance: Int) {
        self.tag = tag
        self.distance = distance
    }

    package static let none = VersionTag(tag: nil, distance: 0)
}

extension Build {
    /// What a release of this build is called when its pipeline says nothing: `semver`.
    package var semver: String {
        semanticVersion(
            tag: versionTag.tag,
            distance: versionTag.distance,
            build: number,
            sha: sha
        )
    }
}
