package import struct Foundation.Date

/// One unit of the code store: its releases, its channels, who runs what, and every promotion.
package struct UnitPage: Equatable, Sendable {
    package var unit: String
    /// The repository whose builds publish it.
    package var repository: String?
    /// The newest build of that repository's default branch.
    package var newest: BuildGlance?
    /// In the order of promotion.
    package var channels: [ChannelColumn]
    /// Newest first.
    package var releases: [ReleaseRow]
    package var releaseCount: Int
    /// Of all releases together, shared content counted once.
    package var storeBytes: Int
    /// Newest first.
    package var log: [PromotionLine]
    /// The oldest revision that is not shown; the next page begins there.
    package var olderLog: Int?

    package init(
        unit: String,
        repository: String? = nil,
        newest: BuildGlance? = nil,
        channels: [ChannelColumn],
        releases: [ReleaseRow],
        releaseCount: Int,
        storeBytes: Int,
        log: [PromotionLine],
        olderLog: Int? = nil
    ) {
        self.unit = unit
        self.repository = repository
        self.newest = newest
        self.channels = channels
        self.releases = releases
        self.releaseCount = releaseCount
        self.storeBytes = storeBytes
        self.log = log
        self.olderLog = olderLog
    }
}

/// One channel of the board.
package struct ChannelColumn: Equatable, Sendable {
    package var name: String
    /// Of the promotion that brought `version`; 0 before the first.
    package var revision: Int
    package var version: String?
    package var since: Date?
    package var by: String?
    package var why: String?
    package var isHeld: Bool
    package var nodes: [NodeCell]
    /// The channel whose release comes next; nil for the first.
    package var from: String?
    /// Releases that may be promoted here, the likeliest first.
    package var candidates: [String]
    /// Releases it pointed at before, newest first.
    package var earlier: [String]

    package init(
        name: String,
        revision: Int,
        version: String? = nil,
        since: Date? = nil,
        by: String? = nil,
        why: String? = nil,
        isHeld: Bool = false,
        nodes: [NodeCell] = [],
        from: String? = nil,
        candidates: [String] = [],
        earlier: [String] = []
    ) {
        self.name = name
        self.revision = revision
        self.version = version
        self.since = since
        self.by = by
        self.why = why
        self.isHeld = isHeld
        self.nodes = nodes
        self.from = from
        self.candidates = candidates
        self.earlier = earlier
    }
}

/// A node that follows a channel.
package struct NodeCell: Equatable, Sendable {
    package var name: String
    /// Versions; nil where it has reported none.
    package var running: String?
    package var prepared: String?
    package var error: String?
    package var seenAt: Date
    package var isPresent: Bool

    package init(
        name: String,
        running: String? = nil,
        prepared: String? = nil,
        error: String? = nil,
        seenAt: Date,
        isPresent: Bool = true
    ) {
        self.name = name
        self.running = running
        self.prepared = prepared
        self.error = error
        self.seenAt = seenAt
        self.isPresent = isPresent
    }
}

/// One release of a unit.
package struct ReleaseRow: Equatable, Sendable {
    package var version: String
    /// `sha256:` and 64 hexadecimal digits.
    package var digest: String
    package var publishedAt: Date
    package var build: BuildLink?
    package var sha: String?
    package var files: Int
    package var bytes: Int
    /// Why nobody may promote it any more; nil for a good one.
    package var rejection: String?
    /// Channels that point at it.
    package var channels: [String]

    package init(
        version: String,
        digest: String,
        publishedAt: Date,
        build: BuildLink? = nil,
        sha: String? = nil,
        files: Int,
        bytes: Int,
        rejection: String? = nil,
        channels: [String] = []
    ) {
        self.version = version
        self.digest = digest
        self.publishedAt = publishedAt
        self.build = build
        self.sha = sha
        self.files = files
        self.bytes = bytes
        self.rejection = rejection
        self.channels = channels
    }
}
