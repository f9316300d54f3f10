package import Logging

/// One Docker engine, reached through the `docker` command line.
///
/// Every call is its own short process with a deadline; the engine and its containers outlive it.
/// Cancelling the task kills the process and throws `CancellationError`.
package struct DockerEngine: Sendable {
    /// A name looked up on `PATH`, or an absolute path.
    package let executable: String
    /// An address such as `unix:///run/docker.sock`; nil: what the environment says.
    package let host: String?
    let logger: Logger

    package init(
        executable: String = "docker",
        host: String? = nil,
        logger: Logger = Logger(label: "slipway.docker")
    ) {
        self.executable = executable
        self.host = host
        self.logger = logger
    }

    /// Asks the engine who it is; throws when none answers.
    package func ping() async throws -> EngineIdentity {
        let format = "{{json .ID}}\t{{json .ServerVersion}}"
        let line = try await capture("info", ["--format", format], within: .seconds(15))
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 2 else { throw unreadable("info", line) }
        return EngineIdentity(
            id: try decode(String.self, from: String(fields[0]), of: "info"),
            version: try decode(String.self, from: String(fields[1]), of: "info")
        )
    }
}

/// Who answers at the other end.
package struct EngineIdentity: Equatable, Sendable {
    /// Stays the same when the engine is started again.
    package var id: String
    package var version: String
}
