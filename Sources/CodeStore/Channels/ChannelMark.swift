import Core
import GRDB

import struct Foundation.Date

/// The beginning or end of a hold or freeze, as its caller asked for it.
struct ChannelMark: Sendable {
    enum Kind: Sendable {
        case hold
        case unhold
        case freeze
        case thaw
    }

    let kind: Kind
    let key: ChannelKey
    let intent: PromotionIntent
    let now: Date

    init(_ kind: Kind, _ key: ChannelKey, as intent: PromotionIntent, at now: Date) {
        self.kind = kind
        self.key = key
        self.intent = intent
        self.now = now
    }

    func check() throws {
        try Bounds.check(intent)
        switch kind {
        case .hold: try Bounds.checkReason(intent.reason, for: "a hold")
        case .freeze: try Bounds.checkReason(intent.reason, for: "a freeze")
        case .unhold, .thaw: break
        }
    }

    /// Writes the row and sets the mark; nil where the channel was as asked already.
    func run(in db: Database) throws -> Promotion? {
        let channel = try ChannelRows(db).channel(key)
        if let idempotencyKey = intent.idempotencyKey,
            let earlier = try PromotionRows(db).promotion(withKey: idempotencyKey)
        {
            let isSameChannel = ChannelKey(unit: earlier.unit, channel: earlier.channel) == key
            guard isSameChannel, earlier.kind == kind.promotion else {
                throw CodeStoreError.keyReused(idempotencyKey)
            }
            return earlier
        }
        if let rev = intent.ifRev, rev != channel.rev {
            throw CodeStoreError.stale(unit: key.unit, channel: key.channel, rev: channel.rev)
        }
        guard !isMet(by: channel) else { return nil }
        let promotion = try append(to: channel, in: db)
        try set(on: channel, in: db)
        return promotion
    }

    private func isMet(by channel: ChannelRow) -> Bool {
        switch kind {
        case .hold: channel.hold == intent.reason
        case .unhold: channel.hold == nil
        case .freeze: channel.freeze == intent.reason
        case .thaw: channel.freeze == nil
        }
    }

    private func append(to channel: ChannelRow, in db: Database) throws -> Promotion {
        try PromotionRows(db).append(
            PromotionRows.Draft(
                channel: channel,
                kind: kind.promotion,
                to: channel.releaseId,
                actor: intent.actor,
                reason: intent.reason,
                idempotencyKey: intent.idempotencyKey,
                at: now
            )
        )
    }

    private func set(on channel: ChannelRow, in db: Database) throws {
        let rows = ChannelRows(db)
        switch kind {
        case .hold: try rows.setHold(intent.reason, of: channel.id)
        case .unhold: try rows.setHold(nil, of: channel.id)
        case .freeze: try rows.setFreeze(intent.reason, of: channel.id)
        case .thaw: try rows.setFreeze(nil, of: channel.id)
        }
    }
}

extension ChannelMark.Kind {
    /// What the log calls it.
    fileprivate var promotion: PromotionKind {
        switch self {
        case .hold: .hold
        case .unhold: .unhold
        case .freeze: .freeze
        case .thaw: .thaw
        }
    }
}
