import Synchronization

/// Lets those who ask for the same thing at the same time share one making of it.
///
/// After a promotion a thousand nodes want the same bundle in the same second.
final class SingleFlight: Sendable {
    private let running = Mutex<[ByteCache.Key: Task<[UInt8], any Error>]>([:])

    /// The bytes, from a making that is under way or from a new one.
    func bytes(
        for key: ByteCache.Key,
        make: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> [UInt8] {
        let task = self.running.withLock { running in
            if let task = running[key] { return task }
            // Unstructured on purpose: it belongs to all who wait, so that none who gives up
            // takes it away from the others. It ends with `make`, and removes itself.
            let task = Task {
                defer { self.running.withLock { $0[key] = nil } }
                return try await make()
            }
            running[key] = task
            return task
        }
        return try await task.value
    }
}
