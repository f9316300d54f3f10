import Core
import GRDB

extension SQLiteTransaction {
    func summary(of job: JobID) throws -> String? {
        try db.first(
            """
            SELECT m.text FROM job j JOIN jobSummary m ON m.job = coalesce(j.sourceJob, j.id)
            WHERE j.id = ?
            """,
            [job.rawValue]
        ) { $0[0] }
    }

    func summaries(of build: BuildID) throws -> [(job: String, text: String)] {
        try db.all(
            """
            SELECT j.name, m.text FROM job j
            JOIN jobSummary m ON m.job = coalesce(j.sourceJob, j.id)
            WHERE j.build = ? ORDER BY j.id LIMIT 20
            """,
            [build.rawValue]
        ) { row in (row[0], row[1]) }
    }

    /// Keeps what an attempt has said, below what the job said before its gate, and cut where it is
    /// too long.
    func keep(summary: String?, of held: HeldAttempt) throws {
        guard let said = summary, !said.isEmpty else { return }
        let job = held.attempt.job
        var summary = said
        if held.passed > 0, let earlier = try self.summary(of: job) {
            summary = earlier + "\n" + said
            try db.run("DELETE FROM jobSummary WHERE job = ?", [job.rawValue])
        }
        let bytes = summary.utf8.filter { $0 != 0 }
        var text = String(decoding: bytes.prefix(summaryBytesMax), as: UTF8.self)
        // A character that was cut has become a longer sign.
        while text.utf8.count > summaryBytesMax { text.removeLast() }
        try db.run(
            "INSERT INTO jobSummary (job, text) VALUES (?, ?)",
            [job.rawValue, text]
        )
    }
}
