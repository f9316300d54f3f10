import Core
import GRDB

import struct Foundation.Date

/// A promotion or rollback as its caller asked for it.
struct Moving: Sendable {
    let move: PromotionCase.Move
    let key: ChannelKey
    /// Nil: the release before the current one.
    let release: ReleaseChoice?
    let intent: PromotionIntent
    let now: Date

    init(
        _ move: PromotionCase.Move,
        _ key: ChannelKey,
        to release: ReleaseChoice?,
        as intent: PromotionIntent,
        at now: Date
    ) {
        self.move = move
        self.key = key
        self.release = release
        self.intent = intent
        self.now = now
    }

    /// Moves the channel, or finds that it was moved by the same call before.
    func run(in db: Database) throws -> PromotionOutcome {
        let channel = try ChannelRows(db).channel(key)
        if let earlier = try repeated(on: channel, in: db) {
            return PromotionOutcome(promotion: earlier, isNew: false)
        }
        let target = try target(from: channel, in: db)
        if let rev = intent.ifRev, rev != channel.rev {
            throw CodeStoreError.stale(unit: key.unit, channel: key.channel, rev: channel.rev)
        }
        let move = ChannelMove(self.move, of: channel, to: target, as: intent, at: now)
        if move.isDone, let there = try PromotionRows(db).move(of: channel.id, to: target.id) {
            return PromotionOutcome(promotion: there, isNew: false)
        }
        let unmet = try move.unmet(in: db)
        guard unmet.isEmpty else {
            throw CodeStoreError.refused(unit: key.unit, channel: key.channel, unmet: unmet)
        }
        return PromotionOutcome(promotion: try move.run(in: db), isNew: true)
    }

    func unit(in db: Database) throws -> Int64? {
        try ChannelRows(db).unit(key.unit)
    }

    /// What the same key did before; throws where it did something else.
    private func repeated(on channel: ChannelRow, in db: Database) throws -> Promotion? {
        guard let idempotencyKey = intent.idempotencyKey,
            let earlier = try PromotionRows(db).promotion(withKey: idempotencyKey)
        else { return nil }
        let isSameChannel = ChannelKey(unit: earlier.unit, channel: earlier.channel) == key
        guard isSameChannel, earlier.kind == move.kind, leads(to: earlier.to) else {
            throw CodeStoreError.keyReused(idempotencyKey)
        }
        return earlier
    }

    private func leads(to target: Promotion.Target?) -> Bool {
        switch release {
        case nil: true
        case .version(let version): target?.version == version
        case .digest(let digest): target?.digest == digest
        }
    }

    private func target(from channel: ChannelRow, in db: Database) throws -> Release {
        let rows = ReleaseRows(db)
        if let release {
            return try rows.release(rows.id(release, of: channel.unitId, named: key.unit))
        }
        for id in try PromotionRows(db).trail(of: channel.id).earlier {
            let release = try rows.release(id)
            if release.rejection == nil { return release }
        }
        throw CodeStoreError.notFound(
            "\(key.unit)/\(key.channel) has no earlier release to go back to"
        )
    }
}

extension PromotionCase.Move {
    /// What the log calls it.
    var kind: PromotionKind {
        switch self {
        case .promote: .promote
        case .rollback: .rollback
        }
    }
}
