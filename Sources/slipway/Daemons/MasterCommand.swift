import ArgumentParser
import Logging
import Master
import ServiceLifecycle
import UnixSignals

/// The server alone; workers dial in.
struct MasterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "master",
        abstract: "Start the server alone; workers dial in.",
        discussion: """
            Each worker needs a token of its own, whose name becomes the worker's:

              slipway token create --kind worker big-1 > big-1.token
              slipway worker --master https://ci.example.org --token-file big-1.token
            """
    )

    @OptionGroup var master: MasterOptions

    func run() async throws {
        let configuration = try master.configuration()
        let lock = try DataLock(configuration.data)
        let logger = makeLogger()
        let server = try await Master(configuration, logger: logger)
        let admin = try await server.adminToken(in: configuration.data)
        let greeter = Greeter(
            server: server,
            configuration: configuration,
            adminToken: admin,
            hasWorker: false
        )
        let services = server.services + [greeter]
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        ).run()
        extendLifetime(lock)
    }
}
