import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    /// Longer chains end here.
    private static let chainMax = 100

    func followUps(limit: Int) throws -> [Build] {
        try db.all(
            """
            SELECT \(Build.columns) FROM followUp f JOIN build b ON b.id = f.build
            JOIN repository r ON r.id = b.repository ORDER BY f.build LIMIT ?
            """,
            [limit]
        ) { try Build($0) }
    }

    func pipelines(leadingTo build: BuildID) throws -> Set<String> {
        let names = try db.all(
            """
            WITH RECURSIVE chain(id, pipeline, upstream) AS (
                SELECT id, pipeline, upstream FROM build WHERE id = ?1
                UNION ALL
                SELECT b.id, b.pipeline, b.upstream FROM chain c JOIN build b ON b.id = c.upstream
                LIMIT ?2)
            SELECT pipeline FROM chain
            """,
            [build.rawValue, Self.chainMax]
        ) { $0[0] as String }
        return Set(names)
    }

    func follow(
        _ build: BuildID,
        with drafts: [BuildDraft],
        for change: Change,
        at now: Date
    ) throws -> [Build]? {
        try atomically {
            let isFirst = try db.change(
                "DELETE FROM followUp WHERE build = ?",
                [build.rawValue]
            )
            guard isFirst == 1 else { return nil }
            return try create(drafts, for: change, after: build, at: now)
        }
    }

    func upstream(of build: BuildID) throws -> BuildID? {
        try db.first("SELECT upstream FROM build WHERE id = ?", [build.rawValue]) { row in
            (row[0] as Int64?).map { BuildID($0) }
        } ?? nil
    }

    func isAwaited(_ build: BuildID) throws -> Bool {
        try db.has("SELECT 1 FROM build WHERE id = ? AND isAwaited", [build.rawValue])
    }
}
