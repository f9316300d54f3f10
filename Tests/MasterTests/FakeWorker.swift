import Core
import Crypto
import Foundation
import NIOHTTP1
import TestSupport
import Wire

/// A worker written by hand, so that it can also misbehave.
struct FakeWorker: Sendable {
    var api: API
    var name: String
    var labels: [String]
    var slots: Int
    var trouble: String?

    private var hello: WorkerHello {
        WorkerHello(labels: labels, slots: slots, version: "0.1.0", trouble: trouble)
    }

    func sync(
        claim: Claim? = nil,
        accepts: [AttemptReference] = [],
        heartbeats: [Heartbeat] = [],
        finishes: [FinishReport] = [],
        kept: [AttemptReference]? = nil
    ) async throws -> SyncResponse {
        let request = SyncRequest(
            worker: hello,
            claim: claim,
            accepts: accepts,
            heartbeats: heartbeats,
            finishes: finishes,
            kept: kept
        )
        let answer = try await api.send(
            "POST",
            "/worker/v1/sync",
            body: try WireCoding.encoder().encode(request),
            within: .seconds(40)
        )
        guard answer.status == 200 else {
            throw NeverHappened(description: "sync: \(answer.status) \(answer.text)")
        }
        return try WireCoding.decoder().decode(SyncResponse.self, from: answer.body)
    }

    /// Asks until it is offered something.
    func claim() async throws -> JobOrder {
        try await eventually("an order for \(name)") {
            try await sync(claim: Claim(freeSlots: 1, wait: 5)).orders.first
        }
    }

    /// Claims a job and accepts it.
    func take() async throws -> JobOrder {
        let order = try await claim()
        let answers = try await sync(accepts: [order.reference]).accepts
        guard answers.map(\.verdict) == [.ok] else {
            throw NeverHappened(description: "accept: \(answers)")
        }
        return order
    }

    func beat(_ order: JobOrder, steps: [StepReport] = []) async throws -> AttemptAnswer.Verdict? {
        let beat = Heartbeat(attempt: order.attempt, fence: order.fence, steps: steps)
        return try await sync(heartbeats: [beat]).heartbeats.first?.verdict
    }

    func upload(
        _ text: String,
        at offset: Int,
        of order: JobOrder,
        step: Int = 1,
        fence: Int? = nil
    ) async throws -> API.Answer {
        try await api.send(
            "PUT",
            "/worker/v1/attempts/\(order.attempt)/steps/\(step)/log"
                + "?fence=\(fence ?? order.fence)&offset=\(offset)",
            body: Data(text.utf8)
        )
    }

    /// Tells that the steps before a gate ended well, the first with this log.
    func stop(_ order: JobOrder, atGate gate: Int, log: String) async throws -> AttemptAnswer {
        _ = try await upload(log, at: 0, of: order)
        let steps = (0..<gate).map { index in
            StepReport(
                index: index,
                state: .finished,
                result: .success,
                exitCode: 0,
                startedAgo: 10,
                finishedAgo: 5,
                logLength: index == 1 ? log.utf8.count : 0,
                logDigest: sha256(index == 1 ? log : "")
            )
        }
        let report = FinishReport(
            attempt: order.attempt,
            fence: order.fence,
            result: .success,
            steps: steps,
            gate: gate
        )
        guard let answer = try await sync(finishes: [report]).finishes.first else {
            throw NeverHappened(description: "no answer to a finish")
        }
        return answer
    }

    /// Tells that everything ended, the first step with this log.
    func finish(
        _ order: JobOrder,
        _ result: BuildResult = .success,
        log: String = "",
        digest: String? = nil
    ) async throws -> AttemptAnswer {
        let steps = (0...order.spec.steps.count).map { index in
            StepReport(
                index: index,
                state: .finished,
                result: result,
                exitCode: result == .exception ? nil : result == .success ? 0 : 1,
                startedAgo: 10,
                finishedAgo: 5,
                logLength: index == 1 ? log.utf8.count : 0,
                logDigest: index == 1 ? digest ?? sha256(log) : sha256("")
            )
        }
        let report = FinishReport(
            attempt: order.attempt,
            fence: order.fence,
            result: result,
            steps: steps
        )
        let answers = try await sync(finishes: [report]).finishes
        guard let answer = answers.first, answers.count == 1 else {
            throw NeverHappened(description: "finish: \(answers)")
        }
        return answer
    }
}

extension JobOrder {
    var reference: AttemptReference { AttemptReference(attempt: attempt, fence: fence) }
}

/// Lower-case hexadecimal.
func sha256(_ text: String) -> String {
    SHA256.hash(data: Data(text.utf8)).map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
}
