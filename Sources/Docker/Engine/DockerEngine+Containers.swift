extension DockerEngine {
    /// Makes a container without starting it, and gives its id.
    package func create(_ spec: ContainerSpec) async throws -> String {
        try await capture("create", try spec.arguments(), within: .seconds(60))
    }

    /// Makes and starts a container in one call, and gives its id.
    ///
    /// When it cannot be started it is left behind, created; ``remove(_:)`` takes it away.
    package func launch(_ spec: ContainerSpec) async throws -> String {
        try await capture("run", ["--detach"] + spec.arguments(), within: .seconds(90))
    }

    /// Starts a container that was created or has ended.
    package func start(_ container: String) async throws {
        _ = try await capture("start", [try Argument.name(container)], within: .seconds(60))
    }

    /// Sends a signal to the main process; `KILL` ends the whole container.
    package func kill(_ container: String, signal: String = "KILL") async throws {
        let signal = try Argument.name(signal)
        let arguments = ["--signal=\(signal)", try Argument.name(container)]
        _ = try await capture("kill", arguments, within: .seconds(30))
    }

    /// Kills and removes a container and its anonymous volumes; it may be gone already.
    package func remove(_ container: String) async throws {
        do {
            let arguments = ["--force", "--volumes", try Argument.name(container)]
            _ = try await capture("rm", arguments, within: .seconds(60))
        } catch let error as DockerError where error.code == .notFound {
            return
        }
    }

    /// What the engine says about a container; nil when there is none.
    package func inspect(_ container: String) async throws -> ContainerState? {
        do {
            let answer = try await capture(
                "container",
                ["inspect", "--format", "{{json .}}", try Argument.name(container)],
                within: .seconds(15)
            )
            return try decode(ContainerState.self, from: answer, of: "inspect")
        } catch let error as DockerError where error.code == .notFound {
            return nil
        }
    }

    /// Runs one more command in a running container and gives its standard output.
    ///
    /// A hundred times slower than a loop that already waits inside; for what a loop cannot do.
    package func execute(
        _ command: [String],
        in container: String,
        within deadline: Duration
    ) async throws -> String {
        try await capture("exec", [try Argument.name(container)] + command, within: deadline)
    }

    /// Copies a file or folder out of a container; both paths are absolute.
    package func copy(
        _ path: String,
        of container: String,
        to destination: String,
        within deadline: Duration = .seconds(300)
    ) async throws {
        let source = "\(try Argument.name(container)):\(try Argument.path(path, "path"))"
        let arguments = ["--", source, try Argument.path(destination, "path")]
        _ = try await capture("cp", arguments, within: deadline)
    }

    /// Copies a file or folder into a container; both paths are absolute.
    package func copy(
        from source: String,
        to path: String,
        of container: String,
        within deadline: Duration = .seconds(300)
    ) async throws {
        let target = "\(try Argument.name(container)):\(try Argument.path(path, "path"))"
        _ = try await capture(
            "cp",
            ["--", try Argument.path(source, "path"), target],
            within: deadline
        )
    }
}
