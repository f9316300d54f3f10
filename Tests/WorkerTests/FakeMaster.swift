import Core
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import TestSupport
import Wire

/// What happened on both sides, in order.
final class Journal: Sendable {
    private let lines = Mutex<[String]>([])

    func note(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    var all: [String] { lines.withLock { $0 } }

    func count(_ line: String) -> Int { all.count { $0 == line } }

    func has(_ line: String) -> Bool { count(line) > 0 }
}

/// The master's side of the worker protocol, over real HTTP, saying what a test wants.
final class FakeMaster: Sendable {
    /// What it says when it is asked.
    struct Script {
        /// Given out one to a claim.
        var orders: [JobOrder] = []
        /// How long a claim waits for one.
        var claimWait = Duration.seconds(1)
        /// So many of the next calls are answered with 503.
        var failures = 0
        /// Calls that tell of an end are answered with 503.
        var isDeafToFinishes = false
        var accept = AttemptAnswer.Verdict.ok
        var heartbeat = AttemptAnswer.Verdict.ok
        /// One for each finish, then `ok`.
        var finishes: [AttemptAnswer.Verdict] = []
        /// By step.
        var logs: [Int: [UInt8]] = [:]
        /// Nil: it is of a version that keeps none.
        var secrets: SecretsAnswer?
        /// What it says once of a log's length, wrongly.
        var wrongLength: Int?
    }

    let script: Mutex<Script>
    let journal: Journal

    init(_ script: Script, journal: Journal) {
        self.script = Mutex(script)
        self.journal = journal
    }

    func log(_ step: Int) -> String {
        script.withLock { String(decoding: $0.logs[step] ?? [], as: UTF8.self) }
    }

    /// Runs it, and the body with its address.
    func serving<Answer>(_ body: (String) async throws -> Answer) async throws -> Answer {
        let router = Router()
        router.post("/worker/v1/sync") { request, _ in
            let buffer = try await request.body.collect(upTo: 8 << 20)
            let message = try WireCoding.decoder().decode(
                SyncRequest.self,
                from: Data(buffer.readableBytesView)
            )
            return try await self.answer(message)
        }
        router.put("/worker/v1/attempts/:id/steps/:step/log") { request, context in
            let step = try context.parameters.require("step", as: Int.self)
            let offset = try request.uri.queryParameters.require("offset", as: Int.self)
            let buffer = try await request.body.collect(upTo: 2 << 20)
            return self.take(Array(buffer.readableBytesView), at: offset, of: step)
        }
        router.post("/worker/v1/attempts/:id/secrets") { request, _ in
            let buffer = try await request.body.collect(upTo: 1 << 20)
            let message = try WireCoding.decoder().decode(
                SecretsMessage.self,
                from: Data(buffer.readableBytesView)
            )
            return try self.answer(message)
        }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                if let number = channel.localAddress?.port { port.yield(number) }
            },
            logger: logger
        )
        let services = ServiceGroup(services: [application], logger: logger)
        // Unstructured, so that the body may have any isolation; awaited below in every case.
        let running = Task { try await services.run() }
        let number = await ports.first { _ in true } ?? 0
        let outcome: Result<Answer, any Error>
        do {
            outcome = .success(try await body("http://127.0.0.1:\(number)"))
        } catch {
            outcome = .failure(error)
        }
        await services.triggerGracefulShutdown()
        try await running.value
        return try outcome.get()
    }

    // MARK: Sync

    private func answer(_ message: SyncRequest) async throws -> Response {
        if isFailing(message) {
            journal.note("master 503")
            return Response(status: .serviceUnavailable)
        }
        for attempt in message.kept ?? [] { journal.note("kept \(attempt.attempt)") }
        if message.worker.trouble != nil { journal.note("trouble") }
        if let claim = message.claim { journal.note("claim \(claim.freeSlots)") }
        var response = SyncResponse()
        script.withLock { script in
            for accept in message.accepts {
                journal.note("accept \(accept.attempt)")
                response.accepts.append(
                    AttemptAnswer(attempt: accept.attempt, verdict: script.accept)
                )
            }
            for beat in message.heartbeats {
                journal.note("beat \(beat.attempt)")
                response.heartbeats.append(
                    AttemptAnswer(attempt: beat.attempt, verdict: script.heartbeat, lease: 60)
                )
            }
            for report in message.finishes {
                journal.note("finish \(report.attempt) \(report.result.rawValue)")
                let verdict = script.finishes.isEmpty ? .ok : script.finishes.removeFirst()
                response.finishes.append(
                    AttemptAnswer(attempt: report.attempt, verdict: verdict, expected: ["1": 0])
                )
            }
        }
        if message.claim != nil {
            let wait = script.withLock { $0.claimWait }
            let order = try? await eventually("an order", within: wait) { () -> JobOrder? in
                script.withLock { $0.orders.isEmpty ? nil : $0.orders.removeFirst() }
            }
            response.orders = order.map { [$0] } ?? []
        }
        return Response(
            status: .ok,
            body: ResponseBody(
                byteBuffer: ByteBuffer(bytes: try WireCoding.encoder().encode(response))
            )
        )
    }

    private func answer(_ message: SecretsMessage) throws -> Response {
        journal.note("secrets \(message.fence) \(message.names.joined(separator: ","))")
        let (isFailing, answer) = script.withLock { script in
            defer { script.failures = max(0, script.failures - 1) }
            return (script.failures > 0, script.secrets)
        }
        if isFailing { return Response(status: .serviceUnavailable) }
        guard let answer else { return Response(status: .notFound) }
        return Response(
            status: .ok,
            body: ResponseBody(
                byteBuffer: ByteBuffer(bytes: try WireCoding.encoder().encode(answer))
            )
        )
    }

    private func isFailing(_ message: SyncRequest) -> Bool {
        script.withLock { script in
            if script.isDeafToFinishes, !message.finishes.isEmpty { return true }
            guard script.failures > 0 else { return false }
            script.failures -= 1
            return true
        }
    }

    // MARK: Logs

    private func take(_ bytes: [UInt8], at offset: Int, of step: Int) -> Response {
        journal.note("log \(step) \(offset)+\(bytes.count)")
        return script.withLock { script in
            if script.failures > 0 {
                script.failures -= 1
                return Response(status: .serviceUnavailable)
            }
            var log = script.logs[step] ?? []
            if offset > log.count {
                return Response(status: .rangeNotSatisfiable, headers: Self.end(log.count))
            }
            log += bytes.dropFirst(log.count - offset)
            script.logs[step] = log
            let length = script.wrongLength ?? log.count
            script.wrongLength = nil
            return Response(status: .noContent, headers: Self.end(length))
        }
    }

    private static func end(_ length: Int) -> HTTPFields {
        guard let name = HTTPField.Name("Expected-Offset") else { return [:] }
        return [name: String(length)]
    }
}
