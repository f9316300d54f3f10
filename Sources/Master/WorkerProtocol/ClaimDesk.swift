import Core
import Foundation
import Storage
import Wire

/// Where workers ask for work.
struct ClaimDesk: Sendable {
    let database: ControlDatabase
    let registry: WorkerRegistry
    let leases: LeaseTable
    let orders: OrderMaker

    /// A worker that waits for work from here on.
    struct Waiting: Sendable {
        fileprivate let worker: String
        fileprivate let id: Int
        fileprivate let orders: AsyncStream<[JobOrder]>
        /// Zero: what there is at once, or nothing.
        fileprivate let wait: Duration
    }

    /// Lets a worker wait for what the next decision gives it; ``work(for:)`` ends the wait.
    func open(_ claim: Claim, of worker: String) -> Waiting? {
        guard claim.freeSlots > 0 else { return nil }
        let (id, orders) = registry.openClaim(worker, freeSlots: claim.freeSlots)
        let wait = min(max(claim.wait, 0), WorkerProtocol.claimWaitMax)
        return Waiting(worker: worker, id: id, orders: orders, wait: .seconds(wait))
    }

    /// Ends a wait of which nothing will be read.
    func close(_ waiting: Waiting) {
        registry.closeClaim(waiting.worker, id: waiting.id)
    }

    /// Orders for a waiting worker: at once when there are any, else when some come or the wait
    /// is over.
    func work(for waiting: Waiting) async -> [JobOrder] {
        defer { close(waiting) }
        if waiting.wait == .zero {
            close(waiting)
            return await waiting.orders.first { _ in true } ?? []
        }
        return await first(of: waiting.orders, within: waiting.wait) ?? []
    }

    /// Orders that the worker was told and does not seem to know: their telling may have been
    /// lost with the connection.
    func unheard(by worker: String, but heard: Set<Int64>) async throws -> [JobOrder] {
        let unheard = leases.offers(to: worker).map(\.attempt)
            .filter { !heard.contains($0.rawValue) }
        guard !unheard.isEmpty else { return [] }
        let orders = orders
        let offers = try await database.read { tx in
            let live = try unheard.compactMap { try tx.attempt($0) }
            return try orders.ready(live.filter { $0.attempt.state == .offered }, tx)
        }
        return try await orders.orders(for: offers)
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
