/// What the Docker engine holds, asked past everything of ours.
package enum Containers {
    /// The labels of every container, running or not, one text per container.
    package static func labels() async throws -> [String] {
        try await Command.run(
            "docker",
            ["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Labels}}"]
        )
        .orThrow().text.split(separator: "\n").map(String.init)
    }

    /// Those of one installation.
    package static func labels(of instance: String) async throws -> [String] {
        try await labels().filter { $0.contains(instance) }
    }
}
