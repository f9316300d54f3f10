import Core
import GRDB

extension SQLiteTransaction {
    func liveAttempts() throws -> [LiveAttempt] {
        try liveAttempts(where: "a.state IN ('offered', 'running')", [])
    }

    func attempt(_ id: AttemptID) throws -> LiveAttempt? {
        try liveAttempts(where: "a.id = ?", [id.rawValue]).first
    }

    func newestAttempt(of job: JobID) throws -> AttemptID? {
        try db.first(
            "SELECT id FROM attempt WHERE job = ? ORDER BY number DESC LIMIT 1",
            [job.rawValue]
        ) { AttemptID($0[0]) }
    }

    private func liveAttempts(
        where term: String,
        _ arguments: StatementArguments
    ) throws -> [LiveAttempt] {
        try db.all(
            """
            SELECT \(Build.columns), \(Attempt.columns), j.spec, j.name
            FROM attempt a JOIN job j ON j.id = a.job JOIN build b ON b.id = j.build
            JOIN repository r ON r.id = b.repository
            WHERE \(term) ORDER BY a.id
            """,
            arguments
        ) { row in
            let rest = Build.columnCount + Attempt.columnCount
            let build = try Build(row)
            return LiveAttempt(
                attempt: try Attempt(row, at: Build.columnCount),
                build: build,
                spec: readableSpec(row[rest], of: row[rest + 1]),
                isCancelled: build.cancelledBy != nil
            )
        }
    }
}
