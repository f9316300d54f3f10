import Core
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Does what is due: lets held builds go, starts schedules, and follows up on ended builds.
///
/// All of it are rows; the process only knows when to look again. Nothing is read while nothing
/// is due and nothing changed, however much waits for later.
struct TimeKeeper: Service {
    let database: ControlDatabase
    let builds: BuildActions
    let leases: LeaseTable
    let schedules: ScheduleStarter
    let followUps: FollowUpStarter
    let nudge: Nudge
    let logger: Logger

    private static let tick = Duration.milliseconds(200)
    /// Cures what nudges miss, and tries again what failed.
    private static let rest = 30.0
    /// Of one transaction, so that others get in between.
    static let batchMax = 200

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var next = Date.distantPast
            while (try? await Task.sleep(for: Self.tick)) != nil {
                guard nudge.take() || next <= Date() else { continue }
                next = await work()
            }
        }
    }

    /// - Returns: When there is something to do again.
    private func work() async -> Date {
        let later = Date().addingTimeInterval(Self.rest)
        await doing("hold") { try await liftHolds() }
        await doing("schedule") { try await schedules.start() }
        await doing("follow-up") { try await followUps.start() }
        builds.announce(HoldRelease(builds: database.takeTouched().sorted()))
        do {
            let dates = try await database.read { tx in
                [try tx.nextHoldEnd(), try tx.nextScheduleAt()].compactMap(\.self)
            }
            // What is still due could not be done.
            return dates.filter { $0 > Date() }.min().map { min($0, later) } ?? later
        } catch {
            return later
        }
    }

    /// One kind that fails stops no other.
    private func doing(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch is CancellationError {
            return
        } catch {
            logger.error(
                "What is due was not done; it is tried again",
                metadata: ["kind": "\(what)", "error": "\(error)"]
            )
        }
    }

    private func liftHolds() async throws {
        var isMore = try await database.read { try $0.nextHoldEnd() ?? .distantFuture } <= Date()
        while isMore {
            let release = try await database.write { tx in
                try tx.liftDue(limit: Self.batchMax, at: Date())
            }
            isMore = release.builds.count == Self.batchMax
            builds.announce(release)
        }
        // Newer builds may have cancelled older ones of their groups.
        for attempt in try await database.read({ try $0.cancelledAttempts() }) {
            leases.cancel(attempt, at: .now)
        }
    }
}
