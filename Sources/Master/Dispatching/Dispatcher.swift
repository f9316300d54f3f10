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
    let warmth: WarmthTable
    let events: EventHub
    let wakeUp: WakeUp
    let logger: Logger

    func run() async throws {
        let (later, sink) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in wakeUp.stream {
                        // With nobody to give work to there are only reasons to tell; one that
                        // asks meanwhile is answered by its own call.
                        if registry.isAnyoneAsking { await look() } else { sink.yield() }
                    }
                }
                group.addTask {
                    for await _ in later {
                        if (try? await Task.sleep(for: Self.gathering)) == nil { return }
                        await look()
                    }
                }
            }
        }
    }

    /// A thousand builds that come while all are busy are one look at the queue, not a thousand.
    private static let gathering = Duration.milliseconds(20)

    private func look() async {
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

    /// Decides once; whoever asks for work may call it, since the transaction is the lock.
    func dispatch() async throws {
        try await follow(try await database.write { try decide($0) })
    }

    /// The decision, inside a transaction; ``follow(_:)`` belongs to it.
    func decide(_ tx: any ControlTransaction) throws -> [ReadyOffer] {
        let now = Date()
        let warmth = warmth.all
        let workers = try tx.workers().map { row in
            var worker = registry.snapshot(
                row.name,
                labels: row.labels,
                slots: row.slots,
                isPaused: row.mode != .taking
            )
            worker.isQuarantined = row.health.isQuarantined(at: now)
            worker.warmth = warmth[row.name] ?? Warmth()
            worker.lastSeenAt = row.lastSeenAt
            return worker
        }
        let offers = try tx.dispatch(to: workers, at: now)
        for offer in offers { registry.reserve(1, of: offer.attempt.worker) }
        return try orders.ready(offers.map { LiveAttempt($0) }, tx)
    }

    /// Leases what was given out, and tells the workers.
    func follow(_ offers: [ReadyOffer]) async throws {
        guard !offers.isEmpty else { return }
        warmth.note(offers.map(\.live))
        let now = ContinuousClock.now
        for offer in offers { leases.offer(offer.live, at: now) }
        for (worker, share) in Dictionary(grouping: offers, by: \.live.attempt.worker) {
            // A worker that is gone by now is offered them again with its next claim.
            _ = registry.deliver(try await orders.orders(for: share), to: worker)
        }
    }
}

extension LiveAttempt {
    fileprivate init(_ offer: Offer) {
        self.init(
            attempt: offer.attempt,
            build: offer.build,
            spec: offer.spec,
            document: offer.document,
            isCancelled: false
        )
    }
}
