import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    /// No list is longer, whatever was asked for.
    static let listMax = 1_000

    func build(_ id: BuildID) throws -> Build? {
        try db.first(
            """
            SELECT \(Build.columns) FROM build b JOIN repository r ON r.id = b.repository
            WHERE b.id = ?
            """,
            [id.rawValue]
        ) { try Build($0) }
    }

    func builds(
        _ filter: BuildFilter,
        limit: Int,
        before cursor: BuildID?
    ) throws -> [Build] {
        var terms: [String] = []
        var arguments: StatementArguments = []
        func narrow(_ term: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            terms.append(term)
            arguments += [value]
        }
        narrow("b.repository = (SELECT id FROM repository WHERE name = ?)", filter.repository)
        narrow("b.ref = ?", filter.ref)
        narrow("b.pipeline = ?", filter.pipeline)
        narrow("b.state = ?", filter.state?.rawValue)
        narrow("b.result = ?", filter.result?.rawValue)
        narrow("b.id < ?", cursor?.rawValue)
        // The terms of the partial indexes, word for word: SQLite draws no such conclusions.
        if let state = filter.state, state != .finished { terms.append("b.state <> 'finished'") }
        if let result = filter.result, !result.isGreen {
            terms.append("b.result NOT IN ('skipped', 'success', 'warnings')")
        }
        arguments += [min(max(limit, 0), Self.listMax)]
        return try db.all(
            """
            SELECT \(Build.columns) FROM build b JOIN repository r ON r.id = b.repository
            \(terms.isEmpty ? "" : "WHERE " + terms.joined(separator: " AND "))
            ORDER BY b.id DESC LIMIT ?
            """,
            arguments
        ) { try Build($0) }
    }

    func cancel(_ build: BuildID, by actor: String, at now: Date) throws -> [Attempt]? {
        let state: Progress? = try db.first(
            "SELECT state FROM build WHERE id = ?",
            [build.rawValue]
        ) { try $0.word(0) }
        guard let state else { return nil }
        if state == .finished { return [] }
        return try atomically {
            try db.run(
                "UPDATE build SET cancelledBy = ? WHERE id = ? AND cancelledBy IS NULL",
                [actor, build.rawValue]
            )
            _ = try settle(build, isCancelled: true, at: now)
            return try db.all(
                """
                SELECT \(Attempt.columns) FROM job j JOIN attempt a ON a.job = j.id
                WHERE j.build = ? AND \(Self.isLive) ORDER BY a.id
                """,
                [build.rawValue]
            ) { try Attempt($0) }
        }
    }
}
