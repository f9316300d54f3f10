import Core

package import struct Foundation.Date

extension CodeStoreDatabase {
    /// Moves a channel to a release, if its policy is met.
    ///
    /// Throws ``CodeStoreError/stale(unit:channel:rev:)`` where the channel moved since the caller
    /// looked, and ``CodeStoreError/refused(unit:channel:unmet:)`` with every unmet condition. A
    /// person's promotion ends the channel's hold.
    package func promote(
        _ release: ReleaseChoice,
        to channel: ChannelKey,
        as intent: PromotionIntent,
        at now: Date
    ) async throws -> PromotionOutcome {
        try await run(Moving(.promote, channel, to: release, as: intent, at: now))
    }

    /// Moves a channel back, and puts it on hold, so that no build moves it forth again.
    ///
    /// Without a release it goes to the one before the current, by the channel's trail, with
    /// rejected
    /// ones left out.
    package func rollback(
        _ channel: ChannelKey,
        to release: ReleaseChoice? = nil,
        as intent: PromotionIntent,
        at now: Date
    ) async throws -> PromotionOutcome {
        try await run(Moving(.rollback, channel, to: release, as: intent, at: now))
    }

    private func run(_ moving: Moving) async throws -> PromotionOutcome {
        try Bounds.check(moving.intent)
        let board = board
        return try await write { db in
            let outcome = try moving.run(in: db)
            return (outcome, try ChannelRows(db).states(ofUnit: moving.unit(in: db)))
        } committed: { _, states in
            board.change(states)
        }.0
    }
}
