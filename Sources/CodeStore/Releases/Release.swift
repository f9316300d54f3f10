package import Core

package import struct Foundation.Date

/// A release as the store knows it.
package struct Release: Equatable, Sendable {
    /// Grows with time within the store.
    package var id: Int64
    package var unit: String
    package var version: String
    /// Of the manifest: the release's identity.
    package var digest: ContentDigest
    package var files: Int
    /// Of all files together.
    package var bytes: Int
    package var provenance: Provenance
    package var notes: String?
    package var publisher: PromotionActor
    package var createdAt: Date
    /// Why nothing may be promoted to it any more; nil: it may.
    package var rejection: Rejection?
    /// Names of the channels that point at it now, in their order.
    package var channels: [String]
}

/// Where a release comes from.
package struct Provenance: Equatable, Sendable {
    package var build: BuildID?
    package var job: JobID?
    package var repository: String?
    /// 40 lower-case hexadecimal digits.
    package var commit: String?

    package init(
        build: BuildID? = nil,
        job: JobID? = nil,
        repository: String? = nil,
        commit: String? = nil
    ) {
        self.build = build
        self.job = job
        self.repository = repository
        self.commit = commit
    }
}

/// That a release must not be promoted any more; final.
package struct Rejection: Equatable, Sendable {
    package var reason: String
    package var actor: PromotionActor
    package var at: Date
}

/// Names a release of a unit.
package enum ReleaseChoice: Equatable, Sendable {
    case version(String)
    case digest(ContentDigest)
}

extension ReleaseChoice: CustomStringConvertible {
    package var description: String {
        switch self {
        case .version(let version): ReleaseProblem.quoted(version)
        case .digest(let digest): digest.description
        }
    }
}

/// A release to be made of blobs that are in the store.
package struct ReleaseDraft: Equatable, Sendable {
    package var unit: String
    package var version: String
    package var entries: [ReleaseEntry]
    package var provenance: Provenance
    package var notes: String?
    /// The channel the release moves; nil: the unit's first.
    package var channel: String?

    package init(
        unit: String,
        version: String,
        entries: [ReleaseEntry],
        provenance: Provenance = Provenance(),
        notes: String? = nil,
        channel: String? = nil
    ) {
        self.unit = unit
        self.version = version
        self.entries = entries
        self.provenance = provenance
        self.notes = notes
        self.channel = channel
    }
}

/// What became of a draft.
package struct Publication: Equatable, Sendable {
    package var release: Release
    /// False: this very release was there already, and nothing happened.
    package var isNew: Bool
    /// The channel the release was to move.
    package var channel: String
    /// The move of the channel; nil where it was not to move, for the reasons in ``unmet``.
    package var promotion: Promotion?
    package var unmet: [UnmetCondition]
}
