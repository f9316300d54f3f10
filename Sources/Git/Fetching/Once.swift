import Synchronization

/// An answer that comes once, from whoever is first.
final class Once<Answer: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Answer, any Error>)
        case settled(Result<Answer, any Error>)
    }

    private let state = Mutex(State.open)

    /// Gives the answer; later ones are dropped.
    func settle(_ answer: Result<Answer, any Error>) {
        let continuation = state.withLock { state -> CheckedContinuation<Answer, any Error>? in
            switch state {
            case .settled:
                return nil
            case .open:
                state = .settled(answer)
                return nil
            case .awaited(let continuation):
                state = .settled(answer)
                return continuation
            }
        }
        continuation?.resume(with: answer)
    }

    /// Waits for the answer; to be called once.
    func value() async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            let answer = state.withLock { state -> Result<Answer, any Error>? in
                switch state {
                case .settled(let answer):
                    return answer
                case .open, .awaited:
                    state = .awaited(continuation)
                    return nil
                }
            }
            if let answer { continuation.resume(with: answer) }
        }
    }
}
