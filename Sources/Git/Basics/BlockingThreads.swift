import Foundation
import Synchronization

/// Threads for calls that block, so that they never hold one of the few that run tasks.
///
/// Grows up to its limit and keeps the idle threads. Work beyond the limit waits its turn.
final class BlockingThreads: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var threadCount = 0
        var busyCount = 0
    }

    private let name: String
    private let countMax: Int
    private let state = Mutex(State())
    private let arrival = NSCondition()

    init(name: String, countMax: Int) {
        self.name = name
        self.countMax = countMax
    }

    /// Runs the work on one of the threads and waits for it without blocking.
    func run<Answer: Sendable>(
        _ work: @escaping @Sendable () throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            start { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// Runs the work on one of the threads.
    func start(_ work: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.waiting.append(work)
            let wanted = state.busyCount + state.waiting.count
            guard state.threadCount < min(wanted, countMax) else { return false }
            state.threadCount += 1
            return true
        }
        if needsThread { spawn() }
        arrival.withLock { arrival.signal() }
    }

    private func spawn() {
        let thread = Thread { [self] in
            while true {
                next()()
                state.withLock { $0.busyCount -= 1 }
            }
        }
        thread.name = name
        thread.stackSize = 4 << 20
        thread.start()
    }

    private func next() -> @Sendable () -> Void {
        arrival.lock()
        defer { arrival.unlock() }
        while true {
            if let work = take() { return work }
            arrival.wait()
        }
    }

    private func take() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            state.busyCount += 1
            return state.waiting.removeFirst()
        }
    }
}

extension BlockingThreads {
    /// For reading mirrors, writing packs and checking out.
    static let work = BlockingThreads(name: "git", countMax: 8)

    /// For fetches.
    ///
    /// So many only because hanging remotes, which cost a sleeping thread each, shall
    /// not delay the others.
    static let fetches = BlockingThreads(name: "git fetch", countMax: 64)
}
