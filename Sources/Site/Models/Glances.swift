package import Core

package import struct Foundation.Date

/// A build named from elsewhere.
package struct BuildLink: Equatable, Sendable {
    package var id: BuildID
    package var repository: String
    /// Counts per repository, from 1.
    package var number: Int

    package init(
        id: BuildID,
        repository: String,
        number: Int
    ) {
        self.id = id
        self.repository = repository
        self.number = number
    }
}

/// One build as a line of a list shows it.
package struct BuildGlance: Equatable, Sendable {
    package var link: BuildLink
    package var pipeline: String
    package var standing: Standing
    /// The full ref; empty for a bare commit.
    package var ref: String
    /// The full commit name.
    package var sha: String
    /// The whole commit message, which may be empty.
    package var message: String
    package var author: String
    package var createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?
    package var jobsFinished: Int
    package var jobs: Int
    /// Why it waits or ended as it did, where the standing alone does not say.
    package var note: String?

    package init(
        link: BuildLink,
        pipeline: String,
        standing: Standing,
        ref: String,
        sha: String,
        message: String,
        author: String,
        createdAt: Date,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        jobsFinished: Int = 0,
        jobs: Int = 0,
        note: String? = nil
    ) {
        self.link = link
        self.pipeline = pipeline
        self.standing = standing
        self.ref = ref
        self.sha = sha
        self.message = message
        self.author = author
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.jobsFinished = jobsFinished
        self.jobs = jobs
        self.note = note
    }
}

/// A finished or running build as one bar of the row of bars.
package struct BuildBar: Equatable, Sendable {
    package var standing: Standing
    /// From start to end, or until now.
    package var seconds: Double

    package init(
        standing: Standing,
        seconds: Double
    ) {
        self.standing = standing
        self.seconds = seconds
    }
}

/// A job on a worker right now.
package struct RunningJob: Equatable, Sendable {
    package var id: JobID
    package var name: String
    package var build: BuildLink
    package var worker: String
    package var startedAt: Date
    /// The step it is at.
    package var step: String?
    package var stepsFinished: Int
    package var steps: Int

    package init(
        id: JobID,
        name: String,
        build: BuildLink,
        worker: String,
        startedAt: Date,
        step: String? = nil,
        stepsFinished: Int = 0,
        steps: Int = 0
    ) {
        self.id = id
        self.name = name
        self.build = build
        self.worker = worker
        self.startedAt = startedAt
        self.step = step
        self.stepsFinished = stepsFinished
        self.steps = steps
    }
}

/// A job that may not start yet, and why.
package struct QueuedJob: Equatable, Sendable {
    package var id: JobID
    package var name: String
    package var build: BuildLink
    /// The full ref; empty for a bare commit.
    package var ref: String
    package var author: String
    /// A sentence.
    package var reason: String
    package var since: Date
    /// True where no known worker has the labels it needs.
    package var isUnserved: Bool
    /// 0 is the usual one.
    package var priority: Int

    package init(
        id: JobID,
        name: String,
        build: BuildLink,
        ref: String,
        author: String,
        reason: String,
        since: Date,
        isUnserved: Bool = false,
        priority: Int = 0
    ) {
        self.id = id
        self.name = name
        self.build = build
        self.ref = ref
        self.author = author
        self.reason = reason
        self.since = since
        self.isUnserved = isUnserved
        self.priority = priority
    }
}

/// How far what a build published has come.
package struct Way: Equatable, Sendable {
    package var unit: String
    /// What the build published; nil while it has published nothing.
    package var release: ReleaseGlance?
    /// In the order of promotion.
    package var channels: [ChannelGlance]

    package init(
        unit: String,
        release: ReleaseGlance? = nil,
        channels: [ChannelGlance]
    ) {
        self.unit = unit
        self.release = release
        self.channels = channels
    }
}

/// A release named from elsewhere.
package struct ReleaseGlance: Equatable, Sendable {
    package var version: String
    package var publishedAt: Date

    package init(
        version: String,
        publishedAt: Date
    ) {
        self.version = version
        self.publishedAt = publishedAt
    }
}

/// A channel and what is observed of it.
package struct ChannelGlance: Equatable, Sendable {
    package var name: String
    /// The release it points at; nil before its first promotion.
    package var version: String?
    /// How many nodes follow it.
    package var nodes: Int
    /// How many of them run what it points at.
    package var nodesRunning: Int
    /// Whether a roll-back keeps automation away from it.
    package var isHeld: Bool

    package init(
        name: String,
        version: String? = nil,
        nodes: Int = 0,
        nodesRunning: Int = 0,
        isHeld: Bool = false
    ) {
        self.name = name
        self.version = version
        self.nodes = nodes
        self.nodesRunning = nodesRunning
        self.isHeld = isHeld
    }
}

/// One line of the promotion log.
package struct PromotionLine: Equatable, Sendable {
    package enum Kind: Sendable {
        case promoted
        case rolledBack
        case rejected
        /// Closed to builds until a person promotes.
        case held
        case holdLifted
        /// Closed to everyone.
        case frozen
        case thawed
    }

    package var revision: Int
    package var at: Date
    package var kind: Kind
    package var unit: String
    /// Empty where the whole unit is meant.
    package var channel: String
    package var from: String?
    package var to: String?
    package var who: String
    /// The reason given; may be empty.
    package var why: String
    /// The first characters of the row's link in the hash chain.
    package var hash: String

    package init(
        revision: Int,
        at: Date,
        kind: Kind,
        unit: String,
        channel: String,
        from: String? = nil,
        to: String? = nil,
        who: String,
        why: String,
        hash: String
    ) {
        self.revision = revision
        self.at = at
        self.kind = kind
        self.unit = unit
        self.channel = channel
        self.from = from
        self.to = to
        self.who = who
        self.why = why
        self.hash = hash
    }
}
