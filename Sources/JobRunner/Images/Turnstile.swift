/// Lets those with the same key through one after the other, in the order they came.
actor Turnstile<Key: Hashable & Sendable> {
    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    /// A key is there for as long as somebody is inside.
    private var waiting: [Key: [Waiter]] = [:]
    private var next = 0

    /// Runs the work while nobody else with this key does; a cancelled task waits no longer.
    nonisolated func alone<Value: Sendable>(
        with key: Key,
        _ work: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await enter(key)
        do {
            let value = try await work()
            await leave(key)
            return value
        } catch {
            await leave(key)
            throw error
        }
    }

    private func enter(_ key: Key) async throws {
        guard waiting[key] != nil else {
            waiting[key] = []
            return
        }
        next += 1
        let id = next
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                waiting[key]?.append(Waiter(id: id, continuation: continuation))
            }
        } onCancel: {
            // Unstructured, because a cancellation handler cannot wait for the actor's turn.
            Task { await self.giveUp(id, key) }
        }
    }

    private func giveUp(_ id: Int, _ key: Key) {
        guard let index = waiting[key]?.firstIndex(where: { $0.id == id }) else { return }
        waiting[key]?.remove(at: index).continuation.resume(throwing: CancellationError())
    }

    private func leave(_ key: Key) {
        guard var queue = waiting[key], !queue.isEmpty else {
            waiting[key] = nil
            return
        }
        let first = queue.removeFirst()
        waiting[key] = queue
        first.continuation.resume()
    }
}
