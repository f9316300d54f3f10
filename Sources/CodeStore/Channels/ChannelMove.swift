import Core
import GRDB

import struct Foundation.Date

/// A channel's way to a release, within one transaction.
struct ChannelMove {
    let move: PromotionCase.Move
    let channel: ChannelRow
    let release: Release
    let intent: PromotionIntent
    let now: Date

    init(
        _ move: PromotionCase.Move,
        of channel: ChannelRow,
        to release: Release,
        as intent: PromotionIntent,
        at now: Date
    ) {
        self.move = move
        self.channel = channel
        self.release = release
        self.intent = intent
        self.now = now
    }

    /// Everything that stands against the move.
    func unmet(in db: Database) throws -> [UnmetCondition] {
        let log = PromotionRows(db)
        var hasBeenInFrom = false
        if let from = channel.policy.from {
            let channels = try ChannelRows(db).channels(of: channel.unitId)
            if let source = channels.first(where: { $0.key.channel == from }) {
                hasBeenInFrom = try log.has(release.id, beenIn: source.id)
            }
        }
        return unmetConditions(
            of: PromotionCase(
                move: move,
                actor: intent.actor.kind,
                policy: channel.policy,
                rejection: release.rejection?.reason,
                hold: channel.hold,
                freeze: channel.freeze,
                hasBeenInFrom: hasBeenInFrom,
                hasBeenHere: try log.has(release.id, beenIn: channel.id)
            )
        )
    }

    /// Whether the channel stands where it is to go, with nothing left to say.
    ///
    /// A person who promotes what a held channel already runs ends the hold.
    var isDone: Bool {
        guard channel.releaseId == release.id else { return false }
        return move == .rollback || channel.hold == nil || intent.actor.kind == .build
    }

    /// Moves the channel: a rollback puts it on hold, a person's promotion ends a hold.
    func run(in db: Database) throws -> Promotion {
        let promotion = try PromotionRows(db).append(
            PromotionRows.Draft(
                channel: channel,
                kind: move.kind,
                to: release.id,
                actor: intent.actor,
                reason: intent.reason,
                idempotencyKey: intent.idempotencyKey,
                at: now
            )
        )
        try setHold(after: promotion, in: db)
        return promotion
    }

    private func setHold(after promotion: Promotion, in db: Database) throws {
        let channels = ChannelRows(db)
        switch (move, intent.actor.kind) {
        case (.rollback, .person), (.rollback, .build):
            let from = promotion.from.map { " from \($0.version)" } ?? ""
            let reason = promotion.reason.isEmpty ? "" : ": \(promotion.reason)"
            try channels.setHold("rolled back\(from)\(reason)", of: channel.id)
        case (.promote, .person):
            if channel.hold != nil { try channels.setHold(nil, of: channel.id) }
        case (.promote, .build):
            break
        }
    }
}
