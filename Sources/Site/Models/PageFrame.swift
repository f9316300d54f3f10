package import struct Foundation.Date

/// What every page needs besides its own content.
package struct PageFrame: Sendable {
    /// The path and query of this page, for the way back after signing in.
    package var path: String
    package var now: Date
    /// Who is signed in; nil for someone who may only read.
    package var person: String?
    /// Whether that person may do what administrators do.
    package var mayAdminister: Bool
    /// Carried by every form as the hidden field `csrf`.
    package var csrf: String
    /// What the last action did, shown once.
    package var flash: Flash?
    /// Of the server, such as `0.1.0`.
    package var version: String
    package var rail: Rail

    package init(
        path: String,
        now: Date,
        person: String? = nil,
        mayAdminister: Bool = false,
        csrf: String,
        flash: Flash? = nil,
        version: String,
        rail: Rail
    ) {
        self.path = path
        self.now = now
        self.person = person
        self.mayAdminister = mayAdminister
        self.csrf = csrf
        self.flash = flash
        self.version = version
        self.rail = rail
    }
}

/// The sentence that says what the last action did, or why it was refused.
package struct Flash: Equatable, Sendable {
    package enum Kind: Sendable {
        case done
        case refused
    }

    package var kind: Kind
    package var text: String

    package init(
        kind: Kind,
        text: String
    ) {
        self.kind = kind
        self.text = text
    }
}

/// What the left rail counts and lists.
package struct Rail: Equatable, Sendable {
    /// In the order they are shown.
    package var repositories: [RailRepository]
    /// Names of units, in the order they are shown.
    package var units: [String]
    package var waitingJobs: Int
    /// How many of the waiting jobs no connected worker may ever run.
    package var unservedJobs: Int
    package var workersPresent: Int
    package var workersKnown: Int
    package var slotsBusy: Int
    package var slots: Int
    /// Of the newest promotion; nil before the first.
    package var lastRevision: Int?

    package init(
        repositories: [RailRepository] = [],
        units: [String] = [],
        waitingJobs: Int = 0,
        unservedJobs: Int = 0,
        workersPresent: Int = 0,
        workersKnown: Int = 0,
        slotsBusy: Int = 0,
        slots: Int = 0,
        lastRevision: Int? = nil
    ) {
        self.repositories = repositories
        self.units = units
        self.waitingJobs = waitingJobs
        self.unservedJobs = unservedJobs
        self.workersPresent = workersPresent
        self.workersKnown = workersKnown
        self.slotsBusy = slotsBusy
        self.slots = slots
        self.lastRevision = lastRevision
    }
}

/// A repository in the rail.
package struct RailRepository: Equatable, Sendable {
    package var name: String
    /// Of the newest build of the default branch; nil before the first.
    package var standing: Standing?

    package init(
        name: String,
        standing: Standing? = nil
    ) {
        self.name = name
        self.standing = standing
    }
}
