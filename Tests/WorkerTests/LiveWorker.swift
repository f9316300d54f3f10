import AsyncHTTPClient
import Logging
import ServiceLifecycle

@testable import Worker

/// Runs a worker while the body runs, then asks it to stop and waits for that.
func withWorker<Answer>(
    of master: String,
    _ engine: ScriptedEngine,
    slots: Int = 1,
    folder: String = "/nowhere",
    freeBytesMin: Int = 0,
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Answer
) async throws -> Answer {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    return try await withClient(of: master) { client in
        let worker = WorkerService(
            configuration: WorkerConfiguration(
                master: master,
                token: "t",
                labels: [],
                slots: slots,
                folder: folder,
                freeBytesMin: freeBytesMin
            ),
            engine: engine,
            client: client,
            logger: logger
        )
        let services = ServiceGroup(services: [worker], logger: logger)
        // Unstructured, so that the body may have any isolation; awaited below in every case.
        let running = Task { try await services.run() }
        let outcome: Result<Answer, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        await services.triggerGracefulShutdown()
        try await running.value
        return try outcome.get()
    }
}

/// Makes a client for the body.
func withClient<Answer>(
    of master: String,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (MasterClient) async throws -> Answer
) async throws -> Answer {
    let http = HTTPClient(eventLoopGroupProvider: .singleton)
    let outcome: Result<Answer, any Error>
    do {
        outcome = .success(
            try await body(MasterClient(http: http, master: master, token: "t"))
        )
    } catch {
        outcome = .failure(error)
    }
    try await http.shutdown()
    return try outcome.get()
}
