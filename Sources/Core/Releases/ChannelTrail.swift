/// The releases a channel can go back to, step by step.
///
/// Built from the channel's moves, oldest first. A rollback shortens the trail instead of adding
/// to it, so that rolling back twice goes back two releases and not forth again.
package struct ChannelTrail<Release: Hashable>: Equatable {
    /// Oldest first; the last is the one the channel runs.
    package private(set) var releases: [Release] = []

    package init() {}

    /// Takes in the next row of the log.
    package mutating func append(_ kind: PromotionKind, to release: Release) {
        switch kind {
        case .promote:
            if releases.last != release { releases.append(release) }
        case .rollback:
            if let index = releases.lastIndex(of: release) {
                releases.removeSubrange((index + 1)...)
            } else {
                releases.append(release)
            }
        case .hold, .unhold, .freeze, .thaw:
            break
        }
    }

    /// What a rollback may lead to, nearest first, without what the channel runs.
    package var earlier: [Release] {
        var seen: Set<Release> = []
        return releases.reversed().filter { seen.insert($0).inserted }.dropFirst().map(\.self)
    }
}
