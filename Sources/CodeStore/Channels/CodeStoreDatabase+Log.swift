package import Core
import GRDB

/// Which rows of the promotion log are wanted.
package struct LogQuery: Equatable, Sendable {
    package enum Order: Equatable, Sendable {
        /// Rows with a greater rev, oldest first: for those who follow the log.
        case after(Int64)
        /// Rows with a smaller rev, or the newest, newest first: for those who read it.
        case before(Int64?)
    }

    package static let limitMax = 1000

    /// Nil: all units.
    package var unit: String?
    /// Nil: all channels.
    package var channel: String?
    package var order: Order
    /// At most ``limitMax``.
    package var limit: Int

    package init(
        unit: String? = nil,
        channel: String? = nil,
        order: Order = .before(nil),
        limit: Int = 100
    ) {
        self.unit = unit
        self.channel = channel
        self.order = order
        self.limit = limit
    }
}

/// What a check of the whole promotion log found.
package enum LogVerdict: Equatable, Sendable {
    /// Every row follows from the one before it, and every channel stands where the log says.
    case intact(rows: Int, head: ContentDigest)
    case broken(rev: Int64, problem: String)
}

extension CodeStoreDatabase {
    /// Rows of the promotion log.
    package func promotions(_ query: LogQuery) async throws -> [Promotion] {
        try await read { db in
            let limit = min(max(query.limit, 0), LogQuery.limitMax)
            // By number, because the index knows channels by it.
            let filter =
                query.unit == nil && query.channel == nil
                ? "?1 IS NULL AND ?2 IS NULL"
                : """
                promotion.channelId IN (
                    SELECT channel.id FROM channel JOIN unit ON unit.id = channel.unitId
                    WHERE (?1 IS NULL OR unit.name = ?1) AND (?2 IS NULL OR channel.name = ?2)
                )
                """
            return switch query.order {
            case .after(let rev):
                try PromotionRows(db).promotions(
                    where: "\(filter) AND promotion.rev > ?3 ORDER BY promotion.rev LIMIT ?4",
                    [query.unit, query.channel, rev, limit]
                )
            case .before(let rev):
                try PromotionRows(db).promotions(
                    where: "\(filter) AND promotion.rev < ?3 ORDER BY promotion.rev DESC LIMIT ?4",
                    [query.unit, query.channel, rev ?? .max, limit]
                )
            }
        }
    }

    /// Computes the hash chain anew, and compares every channel with the log's end.
    ///
    /// Reads page by page, so a long log keeps no transaction open.
    package func verifyLog() async throws -> LogVerdict {
        var rows = 0
        var rev: Int64 = 0
        var head = ContentDigest.zero
        while true {
            let query = LogQuery(order: .after(rev), limit: LogQuery.limitMax)
            let page = try await promotions(query)
            if page.isEmpty { break }
            for promotion in page {
                if let problem = Self.problem(in: promotion, after: rev, head) {
                    return .broken(rev: promotion.rev, problem: problem)
                }
                (rows, rev, head) = (rows + 1, promotion.rev, promotion.hash)
            }
        }
        return try await misplacedChannel() ?? .intact(rows: rows, head: head)
    }

    private static func problem(
        in promotion: Promotion,
        after rev: Int64,
        _ head: ContentDigest
    ) -> String? {
        if promotion.rev != rev + 1 { return "rows \(rev + 1) to \(promotion.rev - 1) are gone" }
        if promotion.previousHash != head { return "the row does not follow from the one before" }
        if PromotionRows.hash(of: promotion.row, after: head) != promotion.hash {
            return "the row was changed after it was written"
        }
        return nil
    }

    private func misplacedChannel() async throws -> LogVerdict? {
        try await read { db in
            try db.first(
                """
                SELECT unit.name, channel.name, coalesce(promotion.rev, 0)
                FROM channel
                JOIN unit ON unit.id = channel.unitId
                LEFT JOIN promotion ON promotion.rev =
                    (SELECT max(rev) FROM promotion WHERE channelId = channel.id)
                WHERE channel.rev IS NOT promotion.rev
                    OR channel.releaseId IS NOT promotion.toReleaseId
                LIMIT 1
                """
            ) { row in
                let (unit, channel) = (row[0] as String, row[1] as String)
                return .broken(
                    rev: row[2],
                    problem: "\(unit)/\(channel) does not stand where the log says"
                )
            }
        }
    }
}
