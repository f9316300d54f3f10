package import Core

package import struct Foundation.Date

/// What holds builds back, and lets them go; a ``BuildDraft`` brings the first holds along.
package protocol HoldVerbs {
    /// In the order of their kinds. Of an ended build: the approval it never got.
    func holds(of build: BuildID) throws -> [BuildHold]
    /// Takes one hold off a build, which goes on when it was the last.
    ///
    /// Nil: no such build. Throws ``StorageError/Code/conflict`` where it is not held so.
    func lift(
        _ kind: BuildHold.Kind,
        of build: BuildID,
        by actor: String,
        at now: Date
    ) throws -> HoldRelease?
    /// Ends the times that a build waits for, as Core's `beginning` decides, because somebody says
    /// so. Nil: no such build. Throws ``StorageError/Code/conflict`` where that is refused.
    func begin(_ build: BuildID, by actor: String, at now: Date) throws -> HoldRelease?
    /// Builds that are held back now: first those that go on at a time, the soonest first.
    func heldBuilds(limit: Int) throws -> [HeldBuild]
    /// Takes off the holds whose time has come, the longest due first, and at most `limit`.
    func liftDue(limit: Int, at now: Date) throws -> HoldRelease
    /// When the next hold goes by itself; nil when none does.
    func nextHoldEnd() throws -> Date?
}

/// What followed when holds were taken off.
package struct HoldRelease: Equatable, Sendable {
    /// Those that look different now, whether others still hold them or not.
    package var builds: [BuildID]
    /// Whether further jobs may start now.
    package var hasFreedJobs: Bool

    package init(builds: [BuildID] = [], hasFreedJobs: Bool = false) {
        self.builds = builds
        self.hasFreedJobs = hasFreedJobs
    }
}
