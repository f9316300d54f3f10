/// A caller's closure that waits for a transaction, and the way to answer the caller.
struct PendingWrite: Sendable {
    /// Tells the caller; called once, after the commit.
    typealias Answer = @Sendable () -> Void

    /// Runs the closure and returns what to do when its work is committed.
    let run: @Sendable (any ControlTransaction) throws -> Answer
    let fail: @Sendable (any Error) -> Void

    init<Value: Sendable>(
        _ body: @escaping @Sendable (any ControlTransaction) throws -> Value,
        answering continuation: CheckedContinuation<Value, any Error>
    ) {
        run = { transaction in
            let value = try body(transaction)
            return { continuation.resume(returning: value) }
        }
        fail = { continuation.resume(throwing: $0) }
    }
}
