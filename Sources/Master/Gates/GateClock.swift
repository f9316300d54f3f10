import Core
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Ends the jobs whose gates nobody opened in time.
///
/// Gates wait for days and across restarts, so their limits are times of the wall clock, in rows.
struct GateClock: Service {
    let database: ControlDatabase
    let ends: AttemptEnds
    let logger: Logger

    private static let tick = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.tick)) != nil {
                do {
                    try await endOverdue()
                } catch {
                    logger.error("Gate check failed", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    private func endOverdue() async throws {
        guard try await database.read({ try $0.hasOverdueGate(at: Date()) }) else { return }
        for move in try await database.write({ try $0.expireGates(at: Date()) }) {
            ends.announce(move)
        }
    }
}
