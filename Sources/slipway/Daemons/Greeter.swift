import Foundation
import Logging
import Master
import ServiceLifecycle

/// Says where the server is, and how to get in, once it listens.
struct Greeter: Service {
    let server: Master
    let configuration: MasterConfiguration
    let adminToken: String
    let hasWorker: Bool

    func run() async throws {
        do {
            let port = await server.address.port()
            let url = configuration.address ?? "http://\(host):\(port)"
            let code = server.access.makeSignInCode()
            let help =
                hasWorker
                ? "a local worker runs jobs in Docker"
                : "no worker yet: slipway worker --master \(url) --token-file FILE"
            let text = """
                Slipway listens on \(url)
                  sign in, once:  \(url)/login?code=\(code)
                  admin token:    \(configuration.data)/admin-token
                  \(help)
                  stop:           Ctrl-C

                """
            FileHandle.standardOutput.write(Data(text.utf8))
        }
        try? await gracefulShutdown()
    }

    private var host: String {
        let host = configuration.host
        return host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    }
}

/// A logger to standard error, at the level of `SLIPWAY_LOG_LEVEL` or `notice`.
func makeLogger() -> Logger {
    var logger = Logger(label: "slipway") { StreamLogHandler.standardError(label: $0) }
    let level = ProcessInfo.processInfo.environment["SLIPWAY_LOG_LEVEL"]
    logger.logLevel = level.flatMap { Logger.Level(rawValue: $0) } ?? .notice
    return logger
}
