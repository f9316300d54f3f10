extension MasterClient {
    /// Tries a call again while the master is away, as long as the caller's own time lasts.
    ///
    /// - Parameters:
    ///   - tell: Hears why, before each pause.
    ///   - call: May be made any number of times.
    /// - Returns: The first answer.
    /// - Throws: Whatever else goes wrong, at once.
    func patiently<Answer>(
        telling tell: (String) -> Void = { _ in },
        _ call: () async throws -> Answer
    ) async throws -> Answer {
        var backoff = Backoff()
        while true {
            do {
                return try await call()
            } catch WorkerError.masterAway(let why) {
                tell("The master is away (\(why)); trying again.")
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    /// Reads from an answer's body; one that breaks off means that the master is away.
    func reading<Value>(_ read: () async throws -> Value) async throws -> Value {
        do {
            return try await read()
        } catch let error as CancellationError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw WorkerError.masterAway("\(error)")
        }
    }
}
