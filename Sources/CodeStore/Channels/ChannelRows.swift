import Core
import Foundation
import GRDB

/// A channel as its row describes it.
struct ChannelRow: Sendable {
    var id: Int64
    var unitId: Int64
    var key: ChannelKey
    var rank: Int
    var policy: ChannelPolicy
    /// 0: nothing ever happened to it.
    var rev: Int64
    var releaseId: Int64?
    var hold: String?
    var freeze: String?
}

/// The rows of units and channels, within one transaction.
struct ChannelRows {
    /// What every unit begins with; each takes what the one before it has run.
    private static let first = ["dev", "staging", "production"]

    let db: Database

    init(_ db: Database) {
        self.db = db
    }

    func unit(_ name: String) throws -> Int64? {
        try db.number("SELECT id FROM unit WHERE name = ?", [name])
    }

    /// The number of a unit there is; throws ``CodeStoreError/notFound(_:)``.
    func existingUnit(_ name: String) throws -> Int64 {
        guard let unit = try unit(name) else {
            throw CodeStoreError.notFound(
                "there is no unit \(ReleaseProblem.quoted(name)); a unit begins with its first"
                    + " release"
            )
        }
        return unit
    }

    /// The unit's number, after making it and its channels where it was not there.
    func ensureUnit(_ name: String, at now: Int64) throws -> Int64 {
        if let id = try unit(name) { return id }
        try db.run(
            "INSERT INTO unit(name, createdAt) VALUES (?, ?)",
            [name, now]
        )
        let unit = db.lastInsertedRowID
        var previous: String?
        for (rank, channel) in Self.first.enumerated() {
            try db.run(
                "INSERT INTO channel(unitId, name, rank, policy) VALUES (?, ?, ?, ?)",
                [unit, channel, rank, try Self.json(ChannelPolicy(from: previous))]
            )
            previous = channel
        }
        return unit
    }

    /// The channels of a unit, in their order.
    func channels(of unit: Int64) throws -> [ChannelRow] {
        try db.all(
            """
            SELECT channel.id, channel.unitId, unit.name, channel.name, channel.rank,
                channel.policy, channel.rev, channel.releaseId, channel.hold, channel.freeze
            FROM channel JOIN unit ON unit.id = channel.unitId
            WHERE channel.unitId = ? ORDER BY channel.rank
            """,
            [unit],
            Self.channel
        )
    }

    /// A channel by name; throws ``CodeStoreError/notFound(_:)`` with the names there are.
    func channel(_ key: ChannelKey) throws -> ChannelRow {
        let channels = try channels(of: existingUnit(key.unit))
        guard let channel = channels.first(where: { $0.key.channel == key.channel }) else {
            let names = channels.map(\.key.channel).joined(separator: ", ")
            throw CodeStoreError.notFound(
                "\(key.unit) has no channel \(ReleaseProblem.quoted(key.channel)); it has \(names)"
            )
        }
        return channel
    }

    func setPolicy(_ policy: ChannelPolicy, of channel: Int64) throws {
        try db.run(
            "UPDATE channel SET policy = ? WHERE id = ?",
            [try Self.json(policy), channel]
        )
    }

    func setHold(_ hold: String?, of channel: Int64) throws {
        try db.run(
            "UPDATE channel SET hold = ? WHERE id = ?",
            [hold, channel]
        )
    }

    func setFreeze(_ freeze: String?, of channel: Int64) throws {
        try db.run(
            "UPDATE channel SET freeze = ? WHERE id = ?",
            [freeze, channel]
        )
    }

    /// The channels of a unit with their pointers, or every channel.
    func states(ofUnit unit: Int64? = nil) throws -> [PointerBoard.Entry] {
        try db.all(
            """
            SELECT unit.name, channel.name, channel.rev, blob.sha256, release.version,
                promotion.kind, channel.hold, channel.freeze, promotion.hash, promotion.at
            FROM channel
            JOIN unit ON unit.id = channel.unitId
            LEFT JOIN release ON release.id = channel.releaseId
            LEFT JOIN blob ON blob.id = release.manifestId
            LEFT JOIN promotion ON promotion.rev = channel.rev
            WHERE ?1 IS NULL OR channel.unitId = ?1
            """,
            [unit],
            Self.state
        )
    }

    private static func state(_ row: Row) throws -> PointerBoard.Entry {
        let key = ChannelKey(unit: row[0], channel: row[1])
        guard let release: Data = row[3], let hash: Data = row[8],
            let kind = PromotionKind(rawValue: row[5])
        else { return PointerBoard.Entry(key: key, pointer: nil) }
        return PointerBoard.Entry(
            key: key,
            pointer: ChannelPointer(
                unit: key.unit,
                channel: key.channel,
                rev: row[2],
                release: try ContentDigest(stored: release),
                version: row[4],
                kind: kind,
                hold: row[6],
                freeze: row[7],
                logHead: try ContentDigest(stored: hash),
                at: Date(milliseconds: row[9])
            )
        )
    }

    private static func channel(_ row: Row) throws -> ChannelRow {
        let policy: String = row[5]
        return ChannelRow(
            id: row[0],
            unitId: row[1],
            key: ChannelKey(unit: row[2], channel: row[3]),
            rank: row[4],
            policy: try JSONDecoder().decode(ChannelPolicy.self, from: Data(policy.utf8)),
            rev: row[6] ?? 0,
            releaseId: row[7],
            hold: row[8],
            freeze: row[9]
        )
    }

    private static func json(_ policy: ChannelPolicy) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(policy), as: UTF8.self)
    }
}
