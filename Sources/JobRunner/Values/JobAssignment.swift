package import Core

package import struct Foundation.Data

/// A job given to this machine: all that is needed to run it, kept in the berth's `job.json`.
package struct JobAssignment: Equatable, Sendable, Codable {
    package var attempt: Int64
    package var fence: Int
    package var spec: JobSpec
    /// What every step gets, below its own.
    package var environment: [String: String]
    /// The caller's own, given back when the job is found again after a crash.
    package var context: Data

    package init(
        attempt: Int64,
        fence: Int,
        spec: JobSpec,
        environment: [String: String] = [:],
        context: Data = Data()
    ) {
        self.attempt = attempt
        self.fence = fence
        self.spec = spec
        self.environment = environment
        self.context = context
    }
}
