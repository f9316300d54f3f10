import AsyncHTTPClient
package import Logging
import NIOCore

/// Runs a worker until the service group or the task is asked to stop.
package func runWorker(_ configuration: WorkerConfiguration, logger: Logger) async throws {
    var options = HTTPClient.Configuration()
    options.timeout.connect = .seconds(5)
    options.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
    let client = MasterClient(http: http, master: configuration.master, token: configuration.token)
    do {
        let engine: any JobEngine =
            if configuration.isSimulated {
                SimulatedEngine()
            } else {
                try ContainerEngine(configuration, client: client, logger: logger)
            }
        try await WorkerService(
            configuration: configuration,
            engine: engine,
            client: client,
            logger: logger
        ).run()
    } catch {
        try await http.shutdown()
        throw error
    }
    try await http.shutdown()
}
