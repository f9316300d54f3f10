import Core
import TestSupport
import Testing
import Wire

@testable import Worker

@Suite struct ReportDeskTests {
    private let desk = ReportDesk()

    /// Lets the desk hear of orders, as in the answer to a claim, and opens their attempts.
    private func take(_ attempts: ClosedRange<Int64>, slots: Int) async {
        await desk.endClaim()
        guard let claim = await desk.beginClaim(of: slots, wait: 0) else { return }
        let request = SyncRequest(worker: hello, claim: claim)
        let response = SyncResponse(orders: attempts.map { order($0) })
        for order in await desk.settle(request, response) {
            let reference = AttemptReference(attempt: order.attempt, fence: order.fence)
            await desk.open(reference, cancel: {}, abandon: {})
        }
    }

    private var hello: WorkerHello { WorkerHello(labels: [], slots: 200, version: "1") }

    private static func end(_ attempt: Int64) -> FinishReport {
        FinishReport(attempt: attempt, fence: 1, result: .success, steps: [])
    }

    @Test func `more ends than one call takes are told with the next`() async throws {
        await take(1...130, slots: 200)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for attempt in 1...130 as ClosedRange<Int64> {
                group.addTask { [desk] in _ = await desk.finish(Self.end(attempt)) }
            }
            var told: [Int] = []
            while told.reduce(0, +) < 130 {
                let batch = try await eventually("a batch that is full, or the rest") {
                    let batch = await desk.batch(isHeartbeatDue: false, slots: 200)
                    let wanted = told.isEmpty ? 128 : 130 - told.reduce(0, +)
                    return batch.finishes.count >= wanted ? batch : nil
                }
                told.append(batch.finishes.count)
                let request = SyncRequest(
                    worker: hello,
                    claim: batch.claim,
                    finishes: batch.finishes
                )
                let answers = batch.finishes.map {
                    AttemptAnswer(attempt: $0.attempt, verdict: .ok)
                }
                _ = await desk.settle(request, SyncResponse(finishes: answers))
            }
            #expect(told == [128, 2])
            try await group.waitForAll()
        }
    }

    @Test func `a claim names the orders that the master has no word on`() async throws {
        await take(1...2, slots: 4)
        await desk.endClaim()
        #expect(await desk.beginClaim(of: 4, wait: 25)?.heard == [1, 2])
        let batch = await desk.batch(isHeartbeatDue: false, slots: 4)
        #expect(batch.accepts.map(\.attempt) == [1, 2])
        let answers = batch.accepts.map { AttemptAnswer(attempt: $0.attempt, verdict: .ok) }
        let request = SyncRequest(worker: hello, accepts: batch.accepts)
        _ = await desk.settle(request, SyncResponse(accepts: answers))
        await desk.endClaim()
        #expect(await desk.beginClaim(of: 4, wait: 25)?.heard == nil)
    }
}
