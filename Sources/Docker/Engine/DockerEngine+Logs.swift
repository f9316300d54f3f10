extension DockerEngine {
    /// Hands on what a container's log driver kept, both streams in one, from its beginning.
    ///
    /// The order of what it hands on is the driver's own and stays the same from call to call. With
    /// `follows` it goes on until the container has ended.
    package func log(
        of container: String,
        follows: Bool,
        bytesMax: Int,
        within deadline: Duration,
        to sink: @escaping @Sendable ([UInt8]) -> Void
    ) async throws {
        try await stream(
            "logs",
            (follows ? ["--follow"] : []) + [try Argument.name(container)],
            within: deadline,
            outputMax: bytesMax,
            to: sink
        )
    }
}
