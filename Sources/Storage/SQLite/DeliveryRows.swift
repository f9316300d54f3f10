import Core
import GRDB

import struct Foundation.Date

/// Hooks and what they delivered.
extension SQLiteTransaction {
    /// Deliveries remembered, of all repositories: for as long as no forge sends one again.
    private static let deliveriesMax: Int64 = 100_000
    /// Milliseconds.
    private static let deliveryLifetime: Int64 = 24 * 3_600 * 1_000
    /// Forgotten with each one that comes in: more than one, so that their number falls.
    private static let forgottenAtOnce = 2
    private static let duplicateBuildsMax = 20

    func hook(ofRepository name: String) throws -> HookRow? {
        try db.first(
            """
            SELECT h.repository, h.salt, h.createdAt FROM hook h
            JOIN repository r ON r.id = h.repository WHERE r.name = ?
            """,
            [name]
        ) { row in
            HookRow(
                repository: RepositoryID(row[0]),
                salt: row[1],
                createdAt: Date(milliseconds: row[2])
            )
        }
    }

    func setHook(of id: RepositoryID, salt: String, at now: Date) throws {
        try db.run(
            "INSERT OR REPLACE INTO hook (repository, salt, createdAt) VALUES (?, ?, ?)",
            [id.rawValue, salt, now.milliseconds]
        )
    }

    func take(_ delivery: DeliveryDraft, at now: Date) throws -> DeliveryReceipt {
        try atomically {
            if try isKnown(delivery, at: now) {
                return .duplicate(try builds(of: delivery))
            }
            try db.run(
                """
                INSERT INTO delivery (repository, key, forge, summary, news, receivedAt)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    delivery.repository.rawValue, delivery.key, delivery.forge.rawValue,
                    delivery.news.summary,
                    delivery.news.isMoreThanHint ? try Text.of(delivery.news) : nil,
                    now.milliseconds,
                ]
            )
            let id = db.lastInsertedRowID
            try refuseFlood(of: delivery.repository, at: id)
            try forgetOld(before: id, at: now)
            return .stored(id)
        }
    }

    /// Whether it came before; a digest that came before its window is forgotten here.
    private func isKnown(_ delivery: DeliveryDraft, at now: Date) throws -> Bool {
        let earlier: (id: Int64, at: Int64)? = try db.first(
            "SELECT id, receivedAt FROM delivery WHERE repository = ? AND key = ?",
            [delivery.repository.rawValue, delivery.key]
        ) { ($0[0], $0[1]) }
        guard let earlier else { return false }
        guard let window = delivery.window,
            earlier.at + Int64(window) * 1_000 < now.milliseconds
        else { return true }
        try db.run("DELETE FROM delivery WHERE id = ?", [earlier.id])
        return false
    }

    private func builds(of delivery: DeliveryDraft) throws -> [BuildID] {
        guard let ref = delivery.news.ref, let sha = delivery.news.sha else { return [] }
        return try db.all(
            """
            SELECT id FROM build INDEXED BY buildByRef
            WHERE repository = ? AND ref = ? AND sha = ? ORDER BY id DESC LIMIT ?
            """,
            [delivery.repository.rawValue, ref, sha, Self.duplicateBuildsMax]
        ) { BuildID($0[0]) }
    }

    /// A repository that cannot be fetched must not fill the disk with what waits for it.
    private func refuseFlood(of repository: RepositoryID, at id: Int64) throws {
        let isFlooded = try db.has(
            """
            SELECT 1 FROM delivery INDEXED BY deliveryWaiting
            WHERE repository = ? AND outcome IS NULL AND id <= ?
            """,
            [repository.rawValue, id - Self.deliveriesMax]
        )
        guard isFlooded else { return }
        throw StorageError(
            .busy,
            "Too many deliveries of this repository wait: it cannot be fetched. Its page says why."
        )
    }

    private func forgetOld(before id: Int64, at now: Date) throws {
        try db.run(
            """
            DELETE FROM delivery WHERE id IN (
                SELECT id FROM (
                    SELECT id, receivedAt FROM delivery INDEXED BY deliverySettled
                    WHERE outcome IS NOT NULL ORDER BY id LIMIT ?)
                WHERE id <= ? OR receivedAt < ?)
            """,
            [
                Self.forgottenAtOnce, id - Self.deliveriesMax,
                now.milliseconds - Self.deliveryLifetime,
            ]
        )
    }
}

/// Acting on deliveries.
extension SQLiteTransaction {
    private static let delivery =
        "SELECT id, forge, summary, news, receivedAt, outcome FROM delivery"

    func newestWaitingDelivery(of id: RepositoryID) throws -> Int64? {
        try db.first(
            """
            SELECT id FROM delivery INDEXED BY deliveryWaiting
            WHERE repository = ? AND outcome IS NULL ORDER BY id DESC LIMIT 1
            """,
            [id.rawValue]
        ) { $0[0] }
    }

    func waitingNews(of id: RepositoryID, limit: Int) throws -> [Delivery] {
        try db.all(
            """
            \(Self.delivery) INDEXED BY deliveryWaiting
            WHERE repository = ? AND outcome IS NULL AND news IS NOT NULL ORDER BY id LIMIT ?
            """,
            [id.rawValue, limit],
            Delivery.init
        )
    }

    func settleHints(of id: RepositoryID, through last: Int64, outcome: String) throws {
        try db.run(
            """
            UPDATE delivery SET outcome = ?
            WHERE repository = ? AND outcome IS NULL AND id <= ? AND news IS NULL
            """,
            [outcome, id.rawValue, last]
        )
    }

    func settle(delivery id: Int64, outcome: String) throws {
        try db.run(
            "UPDATE delivery SET outcome = ? WHERE id = ? AND outcome IS NULL",
            [outcome, id]
        )
    }

    func deliveries(of id: RepositoryID, limit: Int) throws -> [Delivery] {
        try db.all(
            """
            \(Self.delivery) INDEXED BY deliveryByRepository
            WHERE repository = ? ORDER BY id DESC LIMIT ?
            """,
            [id.rawValue, min(max(limit, 0), Self.listMax)],
            Delivery.init
        )
    }
}

extension Delivery {
    fileprivate init(_ row: Row) throws {
        let summary: String = row[2]
        let news = (row[3] as String?).flatMap { try? Text.value(HookNews.self, in: $0) }
        self.init(
            id: row[0],
            forge: try row.word(1),
            news: news ?? HookNews(summary: summary),
            receivedAt: Date(milliseconds: row[4]),
            outcome: row[5]
        )
    }
}
