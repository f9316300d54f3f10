import Core
import Foundation
import Storage
import Wire

/// Where workers ask for work.
struct ClaimDesk: Sendable {
    let database: ControlDatabase
    let registry: WorkerRegistry
    let leases: LeaseTable
    let dispatcher: Dispatcher
    let orders: OrderMaker

    /// Orders for a worker: at once when there are any, else when some come or the wait is over.
    func work(for worker: String, claim: Claim) async throws -> [JobOrder] {
        let unheard = leases.offers(to: worker)
        if !unheard.isEmpty {
            // Their first telling may have been lost with the connection.
            let attempts = try await database.read { tx in
                try unheard.compactMap { try tx.attempt($0.attempt) }
            }
            return try await orders.orders(for: attempts.filter { $0.attempt.state == .offered })
        }
        guard claim.freeSlots > 0 else { return [] }
        let (id, stream) = registry.openClaim(worker, freeSlots: claim.freeSlots)
        defer { registry.closeClaim(worker, id: id) }
        try await dispatcher.dispatch()
        if claim.wait <= 0 {
            registry.closeClaim(worker, id: id)
            return await stream.first { _ in true } ?? []
        }
        let wait = Duration.seconds(min(claim.wait, WorkerProtocol.claimWaitMax))
        return await first(of: stream, within: wait) ?? []
    }
}

/// The stream's first element, or nil when it ends or the time is over.
func first<Element: Sendable>(
    of stream: AsyncStream<Element>,
    within limit: Duration
) async -> Element? {
    await withTaskGroup(of: Element?.self) { group in
        group.addTask { await stream.first { _ in true } }
        group.addTask {
            try? await Task.sleep(for: limit)
            return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        return first
    }
}
