import Core
import GRDB

import struct Foundation.Date

/// A job that was taken over has the artifacts of the job that ran.
extension SQLiteTransaction {
    private static let artifact = """
        SELECT a.id, a.job, j.name, a.name, a.digest, a.files, a.bytes, a.createdAt
        FROM artifact a JOIN job j
        """

    func artifacts(of build: BuildID) throws -> [Artifact] {
        try db.all(
            """
            \(Self.artifact) ON a.job = coalesce(j.sourceJob, j.id)
            WHERE j.build = ? ORDER BY j.id, a.id
            """,
            [build.rawValue],
            Artifact.init
        )
    }

    func artifact(_ id: Int64) throws -> Artifact? {
        try db.first("\(Self.artifact) ON a.job = j.id WHERE a.id = ?", [id], Artifact.init)
    }

    func artifact(
        named name: String,
        ofJob job: String,
        in build: BuildID
    ) throws -> Artifact? {
        try db.first(
            """
            \(Self.artifact) ON a.job = coalesce(j.sourceJob, j.id)
            WHERE j.build = ? AND j.name = ? AND a.name = ?
            """,
            [build.rawValue, job, name],
            Artifact.init
        )
    }
}

extension Artifact {
    fileprivate init(_ row: Row) {
        self.init(
            id: row[0],
            job: JobID(row[1]),
            jobName: row[2],
            name: row[3],
            digest: row[4],
            files: row[5],
            bytes: row[6],
            createdAt: Date(milliseconds: row[7])
        )
    }
}
