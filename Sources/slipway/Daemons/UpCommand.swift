import ArgumentParser
import Foundation
import Logging
import Master
import ServiceLifecycle
import UnixSignals
import Worker

/// Master and a local worker in one process: the zero-configuration start.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the server and a worker on this machine.",
        discussion: """
            Needs nothing but a Docker engine. The first start writes an admin token into the data \
            folder and prints a link that signs a browser in, once.

              slipway up
              slipway repo add shop /srv/git/shop.git

            Stop it with Ctrl-C: running steps go on in their containers, and the next start \
            goes on with them.
            """
    )

    @OptionGroup var master: MasterOptions

    @Option(help: ArgumentHelp("Jobs the local worker runs at once.", valueName: "n"))
    var slots = 2

    @Option(help: ArgumentHelp("Labels of the local worker, with commas.", valueName: "a,b"))
    var labels = "docker"

    @Flag(help: ArgumentHelp("Steps end at once, for measurements.", visibility: .hidden))
    var simulate = false

    func validate() throws {
        guard (1...1_000).contains(slots) else { throw ValidationError("--slots takes 1 to 1000") }
    }

    func run() async throws {
        let configuration = try master.configuration()
        let lock = try DataLock(configuration.data)
        let logger = makeLogger()
        let server = try await Master(configuration, logger: logger)
        let admin = try await server.adminToken(in: configuration.data)
        let local = LocalWorker(
            address: server.address,
            configuration: WorkerConfiguration(
                master: "",
                token: try await server.localWorkerToken(in: configuration.data),
                labels: labels.split(separator: ",").map(String.init),
                slots: slots,
                folder: "\(configuration.data)/worker",
                isSimulated: simulate
            ),
            logger: logger
        )
        let greeter = Greeter(
            server: server,
            configuration: configuration,
            adminToken: admin,
            hasWorker: true
        )
        try await run(server.services + [local, greeter], logger)
        extendLifetime(lock)
    }

    private func run(_ services: [any Service], _ logger: Logger) async throws {
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        ).run()
    }
}

/// The worker beside the master: it dials in like any other, once the master listens.
private struct LocalWorker: Service {
    let address: ListenAddress
    let configuration: WorkerConfiguration
    let logger: Logger

    func run() async throws {
        let port = await address.port()
        var configuration = configuration
        configuration.master = "http://127.0.0.1:\(port)"
        try await runWorker(configuration, logger: logger)
    }
}
