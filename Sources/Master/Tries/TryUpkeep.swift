import Core
import Foundation
import Git
import Logging
import ServiceLifecycle
import Storage

/// Lets go of the commits of old tries.
struct TryUpkeep: Service {
    let database: ControlDatabase
    let mirrors: Mirrors
    let logger: Logger

    /// For so long after its last build a try can be built again.
    static let lifetime: TimeInterval = 7 * 86_400
    private static let beat = Duration.seconds(3_600)
    private static let atOnce = 100

    func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                do {
                    try await release(before: Date().addingTimeInterval(-Self.lifetime))
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("Tries not released", metadata: ["error": "\(error)"])
                }
            } while (try? await Task.sleep(for: Self.beat)) != nil
        }
    }

    /// Releases the commits of tries that ended before the date.
    func release(before date: Date) async throws {
        var isMore = true
        while isMore {
            let spent = try await database.read { tx in
                try tx.spentTrials(before: date, limit: Self.atOnce)
            }
            for trial in spent {
                guard
                    let repository = try await database.read({ tx in
                        try tx.repository(named: trial.repository)
                    })
                else { continue }
                if !trial.isPushed {
                    try await mirrors.mirror(of: repository).release(trial.sha)
                }
                try await database.write { try $0.releaseTrial(trial, at: Date()) }
            }
            isMore = spent.count == Self.atOnce
        }
    }
}
