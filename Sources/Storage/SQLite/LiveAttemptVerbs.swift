import Core
import GRDB

extension SQLiteTransaction {
    func liveAttempts() throws -> [LiveAttempt] {
        try liveAttempts(from: "attempt a INDEXED BY attemptLive", where: Self.isLive, [])
    }

    func attempt(_ id: AttemptID) throws -> LiveAttempt? {
        try liveAttempts(from: "attempt a", where: "a.id = ?", [id.rawValue]).first
    }

    func newestAttempt(of job: JobID) throws -> AttemptID? {
        try db.first(
            """
            SELECT a.id FROM job j JOIN attempt a ON a.job = coalesce(j.sourceJob, j.id)
            WHERE j.id = ? ORDER BY a.number DESC LIMIT 1
            """,
            [job.rawValue]
        ) { AttemptID($0[0]) }
    }

    static let isLive = "a.state IN ('offered', 'running')"

    private func liveAttempts(
        from attempts: String,
        where term: String,
        _ arguments: StatementArguments
    ) throws -> [LiveAttempt] {
        try db.all(
            """
            SELECT \(Build.columns), \(Attempt.columns), j.spec, j.name, j.stopReason, j.passed
            FROM \(attempts) JOIN job j ON j.id = a.job JOIN build b ON b.id = j.build
            JOIN repository r ON r.id = b.repository
            WHERE \(term) ORDER BY a.id
            """,
            arguments
        ) { row in
            let rest = Build.columnCount + Attempt.columnCount
            let build = try Build(row)
            let attempt = try Attempt(row, at: Build.columnCount)
            let document = row[rest] as String
            let passed = row[rest + 3] as Int
            let spec = try? specs.spec(in: document)
            return LiveAttempt(
                attempt: attempt,
                build: build,
                spec: try continued(
                    spec ?? unreadableSpec(of: row[rest + 1]),
                    of: attempt.job,
                    behind: passed
                ),
                document: passed > 0 ? nil : spec.map { _ in document },
                isCancelled: build.cancelledBy != nil || !row.hasNull(atIndex: rest + 2)
            )
        }
    }
}
