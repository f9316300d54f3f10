extension DockerEngine {
    /// Hands on a file or folder of a container as a tar archive, piece by piece.
    ///
    /// The container need not run, and its volumes are seen as it sees them. A link at the path's
    /// end is not followed. The sink is waited for, so that nothing piles up.
    package func archive(
        _ path: String,
        of container: String,
        bytesMax: Int,
        within deadline: Duration = .seconds(600),
        to sink: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let source = "\(try Argument.name(container)):\(try Argument.path(path, "path"))"
        try await pipe("cp", ["--", source, "-"], within: deadline, bytesMax: bytesMax, to: sink)
    }
}
