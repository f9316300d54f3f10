package import Core

package import struct Foundation.Date

/// An artifact of a finished job.
package struct Artifact: Sendable {
    package var id: Int64
    package var job: JobID
    package var jobName: String
    package var name: String
    package var digest: String
    package var files: Int
    package var bytes: Int
    package var createdAt: Date

    package init(
        id: Int64,
        job: JobID,
        jobName: String,
        name: String,
        digest: String,
        files: Int,
        bytes: Int,
        createdAt: Date
    ) {
        self.id = id
        self.job = job
        self.jobName = jobName
        self.name = name
        self.digest = digest
        self.files = files
        self.bytes = bytes
        self.createdAt = createdAt
    }
}
