import CodeStore
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// What the databases need now and then: nodes written down, garbage collected, damage found.
struct StoreUpkeep: Service {
    let database: ControlDatabase
    let store: CodeStoreDatabase
    let logger: Logger

    /// Between two writings of what nodes said.
    private static let beat = Duration.seconds(10)
    /// Beats between two collections of garbage: an hour.
    private static let beatsPerCollection = 360

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await noting("control database") { try await database.verify() }
            var beats = 0
            while (try? await Task.sleep(for: Self.beat)) != nil {
                await noting("nodes") { try await store.writeNodes(at: Date()) }
                beats += 1
                guard beats.isMultiple(of: Self.beatsPerCollection) else { continue }
                await noting("garbage") { try await collectGarbage() }
            }
        }
        await noting("nodes") { try await store.writeNodes(at: Date()) }
    }

    private func collectGarbage() async throws {
        var pass = try await store.collectGarbage(at: Date())
        while let next = pass.next, !Task.isCancelled {
            pass = try await store.collectGarbage(from: next, at: Date())
        }
    }

    /// Trouble with one chore is told and never stops the others.
    private func noting(_ chore: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch is CancellationError {
            return
        } catch {
            logger.error("Upkeep failed", metadata: ["of": "\(chore)", "error": "\(error)"])
        }
    }
}
