package import struct Foundation.Date

/// A release as the API shows it.
package struct ReleaseMessage: Codable, Sendable {
    package var unit: String
    package var version: String
    /// `sha256:…` of the canonical manifest.
    package var digest: String
    package var files: Int
    package var bytes: Int
    package var build: Int64?
    package var commit: String?
    package var repository: String?
    package var notes: String?
    /// Why nothing may be promoted to it any more.
    package var rejected: String?
    package var createdAt: Date
    /// Names of the channels that point at it now.
    package var channels: [String]

    package init(
        unit: String,
        version: String,
        digest: String,
        files: Int,
        bytes: Int,
        build: Int64?,
        commit: String?,
        repository: String?,
        notes: String?,
        rejected: String?,
        createdAt: Date,
        channels: [String]
    ) {
        self.unit = unit
        self.version = version
        self.digest = digest
        self.files = files
        self.bytes = bytes
        self.build = build
        self.commit = commit
        self.repository = repository
        self.notes = notes
        self.rejected = rejected
        self.createdAt = createdAt
        self.channels = channels
    }
}

/// A channel as the API shows it.
package struct ChannelMessage: Codable, Sendable {
    package var unit: String
    package var name: String
    package var rank: Int
    package var rev: Int64
    package var release: String?
    package var version: String?
    /// Why automation leaves it alone; nil: it does not.
    package var hold: String?
    package var since: Date?

    package init(
        unit: String,
        name: String,
        rank: Int,
        rev: Int64,
        release: String?,
        version: String?,
        hold: String?,
        since: Date?
    ) {
        self.unit = unit
        self.name = name
        self.rank = rank
        self.rev = rev
        self.release = release
        self.version = version
        self.hold = hold
        self.since = since
    }
}

/// Where a channel points: what nodes follow.
package struct PointerMessage: Codable, Sendable {
    package var unit: String
    package var channel: String
    package var rev: Int64
    /// `sha256:…`.
    package var release: String
    package var version: String
    /// The path of the manifest on this server.
    package var manifest: String
    package var kind: String
    package var percent: Int
    /// Of the promotion log; lower-case hexadecimal.
    package var logHead: String

    package init(
        unit: String,
        channel: String,
        rev: Int64,
        release: String,
        version: String,
        manifest: String,
        kind: String,
        percent: Int,
        logHead: String
    ) {
        self.unit = unit
        self.channel = channel
        self.rev = rev
        self.release = release
        self.version = version
        self.manifest = manifest
        self.kind = kind
        self.percent = percent
        self.logHead = logHead
    }
}

/// A row of the promotion log.
package struct PromotionMessage: Codable, Sendable {
    package var rev: Int64
    package var unit: String
    package var channel: String
    package var kind: String
    package var from: String?
    package var to: String
    package var actor: String
    package var reason: String
    package var at: Date
    package var hash: String

    package init(
        rev: Int64,
        unit: String,
        channel: String,
        kind: String,
        from: String?,
        to: String,
        actor: String,
        reason: String,
        at: Date,
        hash: String
    ) {
        self.rev = rev
        self.unit = unit
        self.channel = channel
        self.kind = kind
        self.from = from
        self.to = to
        self.actor = actor
        self.reason = reason
        self.at = at
        self.hash = hash
    }
}

/// Body of `POST /cs/v1/channels/{unit}/{channel}/promotions`.
package struct PromoteMessage: Codable, Sendable {
    package var version: String
    package var reason: String?

    package init(version: String, reason: String?) {
        self.version = version
        self.reason = reason
    }
}

/// Body of `POST /cs/v1/channels/{unit}/{channel}/rollbacks`.
package struct RollbackMessage: Codable, Sendable {
    /// Nil: the release before the current one.
    package var version: String?
    package var reason: String?

    package init(version: String?, reason: String?) {
        self.version = version
        self.reason = reason
    }
}

/// Body of `POST /cs/v1/releases/{unit}/{version}/rejection`.
package struct RejectMessage: Codable, Sendable {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}

/// Body of `POST /cs/v1/nodes/{id}`: what a node prepared and runs.
package struct NodeReportMessage: Codable, Sendable {
    package var unit: String
    package var channel: String
    package var seenRev: Int64?
    /// `sha256:…`.
    package var prepared: String?
    /// `sha256:…`.
    package var active: String?
    package var errors: [String]?
    package var host: String?
    package var pid: Int?

    package init(
        unit: String,
        channel: String,
        seenRev: Int64?,
        prepared: String?,
        active: String?,
        errors: [String]?,
        host: String?,
        pid: Int?
    ) {
        self.unit = unit
        self.channel = channel
        self.seenRev = seenRev
        self.prepared = prepared
        self.active = active
        self.errors = errors
        self.host = host
        self.pid = pid
    }
}

/// A node as the API shows it.
package struct NodeMessage: Codable, Sendable {
    package var id: String
    package var unit: String
    package var channel: String
    package var activeVersion: String?
    package var preparedVersion: String?
    package var errors: [String]
    package var lastSeenAt: Date

    package init(
        id: String,
        unit: String,
        channel: String,
        activeVersion: String?,
        preparedVersion: String?,
        errors: [String],
        lastSeenAt: Date
    ) {
        self.id = id
        self.unit = unit
        self.channel = channel
        self.activeVersion = activeVersion
        self.preparedVersion = preparedVersion
        self.errors = errors
        self.lastSeenAt = lastSeenAt
    }
}

/// Body of `POST /cs/v1/releases`: a release whose blobs are uploaded.
package struct NewReleaseMessage: Codable, Sendable {
    package var unit: String
    package var version: String
    package var files: [FileEntry]
    package var notes: String?
    /// Nil: the unit's first channel.
    package var channel: String?

    package init(
        unit: String,
        version: String,
        files: [FileEntry],
        notes: String?,
        channel: String?
    ) {
        self.unit = unit
        self.version = version
        self.files = files
        self.notes = notes
        self.channel = channel
    }
}
