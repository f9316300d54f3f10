import Core
import Foundation
import Logging
import ServiceLifecycle
import Storage
import Wire

/// Gives waiting jobs to waiting workers: one decision at a time, in one transaction each.
struct Dispatcher: Service {
    let database: ControlDatabase
    let registry: WorkerRegistry
    let leases: LeaseTable
    let orders: OrderMaker
    let events: EventHub
    let wakeUp: WakeUp
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in wakeUp.stream {
                do {
                    try await dispatch()
                } catch is CancellationError {
                    return
                } catch {
                    logger.error(
                        "Dispatch failed; the next wake-up tries again",
                        metadata: ["error": "\(error)"]
                    )
                }
            }
        }
    }

    /// Decides once; whoever asks for work may call it, since the transaction is the lock.
    func dispatch() async throws {
        let registry = registry
        let offers = try await database.write { tx in
            let workers = try tx.workers().map { row in
                registry.snapshot(
                    row.name,
                    labels: row.labels,
                    slots: row.slots,
                    isPaused: row.mode != .taking
                )
            }
            let offers = try tx.dispatch(to: workers, at: Date())
            for offer in offers { registry.reserve(1, of: offer.attempt.worker) }
            return offers
        }
        guard !offers.isEmpty else { return }
        let now = ContinuousClock.now
        for offer in offers {
            leases.offer(
                LiveAttempt(
                    attempt: offer.attempt,
                    build: offer.build,
                    spec: offer.spec,
                    isCancelled: false
                ),
                at: now
            )
        }
        for (worker, share) in Dictionary(grouping: offers, by: \.attempt.worker) {
            // A worker that is gone by now is offered them again with its next claim.
            _ = registry.deliver(try await orders.orders(for: share), to: worker)
        }
    }
}
