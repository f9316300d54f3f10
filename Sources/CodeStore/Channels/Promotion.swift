package import Core

package import struct Foundation.Date

/// A row of the promotion log.
package struct Promotion: Equatable, Sendable {
    /// One release, as the log names it.
    package struct Target: Equatable, Sendable {
        package var version: String
        package var digest: ContentDigest
    }

    /// Grows by one with every row, across all units.
    package var rev: Int64
    package var unit: String
    package var channel: String
    package var kind: PromotionKind
    package var from: Target?
    /// Nil only where a channel without a release was held or frozen.
    package var to: Target?
    package var actor: PromotionActor
    package var reason: String
    package var at: Date
    package var previousHash: ContentDigest
    package var hash: ContentDigest

    /// The row in the form that is hashed.
    var row: PromotionRow {
        PromotionRow(
            rev: rev,
            unit: unit,
            channel: channel,
            kind: kind,
            from: from?.digest,
            to: to?.digest,
            actor: actor,
            reason: reason,
            at: at.milliseconds
        )
    }
}

/// Who wants a channel to change, why, and what they had seen.
package struct PromotionIntent: Equatable, Sendable {
    package var actor: PromotionActor
    package var reason: String
    /// The channel's rev the decision was made on, 0 for an untouched channel; nil: whatever it is.
    package var ifRev: Int64?
    /// A second call with the same key does nothing and has the same answer.
    package var idempotencyKey: String?

    package init(
        actor: PromotionActor,
        reason: String = "",
        ifRev: Int64? = nil,
        idempotencyKey: String? = nil
    ) {
        self.actor = actor
        self.reason = reason
        self.ifRev = ifRev
        self.idempotencyKey = idempotencyKey
    }
}

/// What became of a promotion or rollback.
package struct PromotionOutcome: Equatable, Sendable {
    /// The row that moved the channel to where it now stands.
    package var promotion: Promotion
    /// False: the channel stood there already, or the key was used for this very move before.
    package var isNew: Bool
}
