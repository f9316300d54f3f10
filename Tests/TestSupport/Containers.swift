/// What the Docker engine holds, asked past everything of ours but the labels.
package enum Containers {
    /// The berths whose containers are there, running or not; one installation's.
    package static func berths(of instance: String) async throws -> [String] {
        try await Command.run(
            "docker",
            [
                "ps", "--all", "--filter", "label=slipway.instance=\(instance)",
                "--format", "{{.Label \"slipway.berth\"}}",
            ]
        )
        .orThrow().text.split(separator: "\n").map(String.init)
    }

    /// Removes what a killed worker left on purpose: nobody of this installation comes back.
    package static func remove(of instance: String) async throws {
        let found = try await Command.run(
            "docker",
            ["ps", "--all", "--quiet", "--filter", "label=slipway.instance=\(instance)"]
        )
        .orThrow().text.split(separator: "\n").map(String.init)
        guard !found.isEmpty else { return }
        // One that is gone by now is no loss.
        _ = try await Command.run("docker", ["rm", "--force", "--volumes"] + found)
    }
}
