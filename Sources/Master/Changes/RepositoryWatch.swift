import Core
import Foundation
import Git
import Logging
import ServiceLifecycle
import Storage
import Synchronization

/// Keeps a flood of wake-ups from looking without end: one look finds all that came before it.
private struct LookPace {
    /// Looks within a second that nobody waits for.
    private static let freeLooks = 10

    private var looks: [ContinuousClock.Instant] = []

    mutating func rest() async {
        let now = ContinuousClock.now
        looks.removeAll { $0 < now - .seconds(1) }
        looks.append(now)
        // When it is cancelled, the loop around it ends by itself.
        if looks.count > Self.freeLooks { try? await Task.sleep(for: .milliseconds(100)) }
    }
}

/// Looks after all repositories: each in a task of its own, so that none delays another.
///
/// Local repositories are watched, so that a push is seen at once; all are polled as well.
final class RepositoryWatch: Service {
    /// Rings when repositories came or went.
    let changed = WakeUp()

    private struct Seat {
        var wakeUp: WakeUp
        var firstFetch: AsyncStream<Void>
        var firstFetchDone: AsyncStream<Void>.Continuation
    }

    private let seats = Mutex<[RepositoryID: Seat]>([:])
    private let database: ControlDatabase
    private let changes: ChangeIntake
    /// Nil where the system gives none, so that polling alone must do.
    private let watcher: RefWatcher?
    private let logger: Logger

    init(database: ControlDatabase, changes: ChangeIntake, logger: Logger) {
        self.database = database
        self.changes = changes
        self.logger = logger
        do {
            watcher = try RefWatcher()
        } catch {
            watcher = nil
            logger.warning("Repositories are polled only: \(error)")
        }
    }

    func run() async throws {
        changed.ring()
        await cancelWhenGracefulShutdown { await self.lookAfterAll() }
    }

    private func lookAfterAll() async {
        await withDiscardingTaskGroup { group in
            for await _ in changed.stream {
                do {
                    let repositories = try await database.read { try $0.repositories() }
                    for repository in seat(repositories) {
                        group.addTask { await self.look(after: repository) }
                    }
                } catch {
                    logger.error("Repositories unread", metadata: ["error": "\(error)"])
                }
            }
            group.cancelAll()
        }
    }

    /// Asks for a fetch now.
    func fetchSoon(_ id: RepositoryID) {
        seats.withLock { $0[id]?.wakeUp }?.ring()
    }

    /// Waits until a new repository was fetched for the first time, within bounds.
    ///
    /// What is pushed after that starts builds, also when it is pushed a moment later.
    func waitForFirstFetch(of id: RepositoryID, within limit: Duration) async {
        let seat = seats.withLock { seats in
            let seat = seats[id] ?? Self.makeSeat()
            seats[id] = seat
            return seat
        }
        _ = await first(of: seat.firstFetch, within: limit)
    }

    private static func makeSeat() -> Seat {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        return Seat(wakeUp: WakeUp(), firstFetch: stream, firstFetchDone: continuation)
    }

    private let running = Mutex<Set<RepositoryID>>([])

    /// Ends the tasks of repositories that are gone, and returns those that have none yet.
    private func seat(_ repositories: [Repository]) -> [Repository] {
        let wanted = Set(repositories.map(\.id))
        return seats.withLock { seats in
            running.withLock { running in
                for id in running.subtracting(wanted) {
                    seats.removeValue(forKey: id)?.wakeUp.finish()
                    running.remove(id)
                }
                return repositories.filter { repository in
                    guard running.insert(repository.id).inserted else { return false }
                    seats[repository.id] = seats[repository.id] ?? Self.makeSeat()
                    return true
                }
            }
        }
    }

    private func look(after repository: Repository) async {
        guard let seat = seats.withLock({ $0[repository.id] }) else { return }
        seat.wakeUp.ring()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.poll(repository, seat.wakeUp) }
            group.addTask { await self.watch(repository, seat.wakeUp) }
            var pace = LookPace()
            for await _ in seat.wakeUp.stream {
                await changes.takeIn(repository.id)
                seat.firstFetchDone.yield()
                await pace.rest()
            }
            seat.firstFetchDone.finish()
            group.cancelAll()
        }
    }

    /// Rings at the repository's interval, with jitter so that many do not poll at once.
    private func poll(_ repository: Repository, _ wakeUp: WakeUp) async {
        while !Task.isCancelled {
            // Without a watcher a local repository is looked at more often: a look is cheap.
            let isBlind = watcher == nil && (try? RemoteURL(repository.url).localPath) != nil
            let seconds = isBlind ? min(2, repository.pollInterval) : repository.pollInterval
            let interval = Double(seconds) * Double.random(in: 0.9...1.1)
            guard (try? await Task.sleep(for: .seconds(interval))) != nil else { return }
            wakeUp.ring()
        }
    }

    /// Rings whenever refs of a local repository move; looks again when it was gone for a while.
    private func watch(_ repository: Repository, _ wakeUp: WakeUp) async {
        guard let path = try? RemoteURL(repository.url).localPath else { return }
        while !Task.isCancelled {
            if let moves = try? await watcher?.wakeups(of: path) {
                wakeUp.ring()
                for await _ in moves { wakeUp.ring() }
                // It ended because the repository is gone: look now, so that its page says so.
                wakeUp.ring()
            }
            guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
        }
    }
}
