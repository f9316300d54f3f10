package import Core
import GRDB

package import struct Foundation.Date

extension CodeStoreDatabase {
    /// Every unit, by name.
    package func units() async throws -> [Unit] {
        try await read { db in
            try db.all(
                """
                SELECT name, createdAt, (SELECT count(*) FROM release WHERE unitId = unit.id)
                FROM unit ORDER BY name
                """
            ) { row in
                Unit(name: row[0], releases: row[2], createdAt: Date(milliseconds: row[1]))
            }
        }
    }

    /// The channels of a unit, in their order.
    package func channels(of unit: String) async throws -> [Channel] {
        try await read { db in
            let rows = ChannelRows(db)
            return try rows.channels(of: rows.existingUnit(unit)).map { channel in
                try Self.channel(channel, in: db)
            }
        }
    }

    /// Sets what a channel demands of releases.
    package func setPolicy(_ policy: ChannelPolicy, of key: ChannelKey) async throws {
        try await write { db in
            let rows = ChannelRows(db)
            let channel = try rows.channel(key)
            if let from = policy.from {
                let source = try rows.channel(ChannelKey(unit: key.unit, channel: from))
                guard source.rank < channel.rank else {
                    throw CodeStoreError.invalid(
                        "\(key.channel) cannot take releases from \(from), which does not come"
                            + " before it"
                    )
                }
            }
            try rows.setPolicy(policy, of: channel.id)
        }
    }

    /// Keeps builds from moving the channel, or lets them again; nil: it was so already.
    ///
    /// To begin a hold, the intent must say why.
    @discardableResult
    package func setHold(
        _ isHeld: Bool,
        of key: ChannelKey,
        as intent: PromotionIntent,
        at now: Date
    ) async throws -> Promotion? {
        try await run(ChannelMark(isHeld ? .hold : .unhold, key, as: intent, at: now))
    }

    /// Keeps everything but a rollback from moving the channel, or lets it move again; nil: it was
    /// so already.
    ///
    /// To begin a freeze, the intent must say why.
    @discardableResult
    package func setFreeze(
        _ isFrozen: Bool,
        of key: ChannelKey,
        as intent: PromotionIntent,
        at now: Date
    ) async throws -> Promotion? {
        try await run(ChannelMark(isFrozen ? .freeze : .thaw, key, as: intent, at: now))
    }

    private func run(_ mark: ChannelMark) async throws -> Promotion? {
        try mark.check()
        let board = board
        return try await write { db in
            let promotion = try mark.run(in: db)
            let unit = try ChannelRows(db).unit(mark.key.unit)
            return (promotion, try ChannelRows(db).states(ofUnit: unit))
        } committed: { _, states in
            board.change(states)
        }.0
    }

    private static func channel(_ row: ChannelRow, in db: Database) throws -> Channel {
        Channel(
            unit: row.key.unit,
            name: row.key.channel,
            rank: row.rank,
            policy: row.policy,
            rev: row.rev,
            release: try row.releaseId.map(ReleaseRows(db).release),
            move: try row.releaseId.flatMap { try PromotionRows(db).move(of: row.id, to: $0) },
            hold: row.hold,
            freeze: row.freeze
        )
    }
}
