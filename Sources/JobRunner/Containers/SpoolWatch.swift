import Foundation
import Glibc
import Synchronization

/// Tells who waits on a spool folder that something in it may have changed.
///
/// A file that was closed wakes at once, for it may be an exit code. Growing output wakes at most
/// every ten milliseconds, however often the step writes. Everybody is woken four times a second
/// in any case, because events can be lost and deadlines make none.
final class SpoolWatch: Sendable {
    private let core: Core

    init() throws(JobRunnerError) {
        core = try Core()
        let core = core
        // A thread of its own, because it sleeps in the kernel; it ends with this object.
        Thread.detachNewThread { core.run() }
    }

    deinit { core.stop() }

    /// Wake-ups for one spool folder, from now on; several that nobody took are one.
    func signals(at folder: String) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let id = core.add(folder, continuation)
            continuation.onTermination = { [core] _ in core.remove(id) }
        }
    }

    /// Wakes who waits on the folder.
    func poke(_ folder: String) { core.poke(folder) }
}

extension SpoolWatch {
    /// What the thread and the callers share.
    private final class Core: Sendable {
        private struct Waiter {
            let folder: String
            /// Negative when the kernel had no watch to give: the tick must do.
            let closing: Int32
            let growing: Int32
            let continuation: AsyncStream<Void>.Continuation
        }

        private struct State {
            var waiters: [Int: Waiter] = [:]
            var next = 0
        }

        private let state = Mutex(State())
        private let closing: Descriptor
        private let growing: Descriptor
        private let isStopped = Atomic(false)

        init() throws(JobRunnerError) {
            closing = try Descriptor.inotify()
            growing = try Descriptor.inotify()
        }

        func add(_ folder: String, _ continuation: AsyncStream<Void>.Continuation) -> Int {
            state.withLock { state in
                state.next += 1
                state.waiters[state.next] = Waiter(
                    folder: folder,
                    closing: closing.watch(folder, IN_CLOSE_WRITE | IN_MOVED_TO),
                    growing: growing.watch(folder, IN_MODIFY),
                    continuation: continuation
                )
                return state.next
            }
        }

        func remove(_ id: Int) {
            state.withLock { state in
                guard let gone = state.waiters.removeValue(forKey: id) else { return }
                let others = state.waiters.values
                if !others.contains(where: { $0.closing == gone.closing }) {
                    closing.unwatch(gone.closing)
                }
                if !others.contains(where: { $0.growing == gone.growing }) {
                    growing.unwatch(gone.growing)
                }
            }
        }

        func poke(_ folder: String) { wake { $0.folder == folder } }

        /// The thread sees it with its next tick.
        func stop() { isStopped.store(true, ordering: .relaxed) }

        private func wake(_ isMeant: (Waiter) -> Bool) {
            let waiters = state.withLock { $0.waiters.values.filter(isMeant) }
            for waiter in waiters { waiter.continuation.yield() }
        }

        /// Milliseconds between two looks at growing files, and between two ticks.
        private static let pause = 10
        private static let tick = 250
        /// Wake-ups by closed files in one tick, after which a container only wants to keep us
        /// busy.
        private static let burstMax = 2_000

        func run() {
            var pausedUntil = Moment.now.milliseconds
            var nextTick = pausedUntil + Self.tick
            var burst = 0
            while !isStopped.load(ordering: .relaxed) {
                let now = Moment.now.milliseconds
                let isPaused = now < pausedUntil
                var polled = [
                    pollfd(
                        fd: burst < Self.burstMax ? closing.number : -1,
                        events: Int16(POLLIN),
                        revents: 0
                    ),
                    pollfd(fd: isPaused ? -1 : growing.number, events: Int16(POLLIN), revents: 0),
                ]
                let wait = min(nextTick, isPaused ? pausedUntil : nextTick) - now
                _ = poll(&polled, nfds_t(polled.count), Int32(max(0, wait)))
                if polled[0].revents != 0 {
                    burst += 1
                    let changed = closing.changedWatches()
                    wake { changed.contains($0.closing) || changed.contains(-1) }
                }
                if polled[1].revents != 0 {
                    pausedUntil = Moment.now.milliseconds + Self.pause
                    let changed = growing.changedWatches()
                    wake { changed.contains($0.growing) || changed.contains(-1) }
                }
                if Moment.now.milliseconds >= nextTick {
                    nextTick = Moment.now.milliseconds + Self.tick
                    burst = 0
                    wake { _ in true }
                }
            }
            let waiters = state.withLock { $0.waiters.values.map(\.continuation) }
            for continuation in waiters { continuation.finish() }
        }
    }
}
