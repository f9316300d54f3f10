import Docker
import Glibc

/// Containers of an engine that does not see this machine's files.
extension ContainerSet {
    /// Carries the setup's files over if the engine is known to be apart.
    func loadIfApart(with image: ReadyImage) async throws {
        guard sharing.isApart else { return }
        try await ferry.open(with: image)
        try await ferry.load()
    }

    /// Starts a loop whose FIFO is on the other side.
    func launchApart(_ image: ReadyImage) async throws -> Int {
        let ordinal = try number(for: image)
        do {
            guard mkfifo(fifo(ordinal), 0o600) == 0 else {
                throw JobRunnerError.system("make the FIFO", fifo(ordinal), errno: errno)
            }
            try await ferry.place(fifo(ordinal), as: "\(ordinal).in")
            _ = try await engine.launch(try spec(ordinal, image))
            try await waitUntilReadyApart(ordinal)
        } catch {
            await discard(ordinal)
            throw error
        }
        return ordinal
    }

    private func waitUntilReadyApart(_ ordinal: Int) async throws {
        let begun = Moment.now
        let look = ["/bin/sh", "-c", "[ -e \(StepLoop.spool)/\(ordinal).ready ]"]
        while true {
            do {
                _ = try await engine.execute(look, in: name(ordinal), within: .seconds(15))
                return
            } catch let error as DockerError {
                try Task.checkCancellation()
                let state = try await inspect(ordinal)
                if let state, state.isSettled { throw notReady(after: state.exitCode) }
                guard state != nil, begun.age < Self.readyMax * 1_000 else { throw error }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension Ferry {
    /// The workspace and the spool, as containers get them.
    var mounts: [Mount] {
        get throws {
            [
                try workspaceMount,
                try isUsed ? spoolVolume : .bind(source: folder.spool, target: StepLoop.spool),
            ]
        }
    }

    /// The workspace, as services get it too.
    var workspaceMount: Mount {
        get throws {
            try isUsed
                ? workspaceVolume : .bind(source: folder.workspace, target: "/workspace")
        }
    }

    /// Lets the loop of a container run a step again, whose output goes on behind a line of ours.
    func prepareAgain(
        _ step: Int,
        in container: Int,
        saying line: String,
        hasSecrets: Bool
    ) async throws {
        let script = """
            cd \(StepLoop.spool) && rm -f "$1.exit" "$1.claim" "$1.secrets"
            [ "$3" = 0 ] || mkfifo -m 600 "$1.secrets"
            printf '%s\\n' "$2" >>"$1.out"
            """
        let words = ["/bin/sh", "-e", "-c", script, "sh", "\(step)", line, hasSecrets ? "1" : "0"]
        let name = folder.containerName(container)
        _ = try await engine.execute(words, in: name, within: .seconds(30))
    }
}
