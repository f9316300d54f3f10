import ArgumentParser
import Core
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals
import Worker

/// A worker: claims jobs from a master and runs their steps in Docker.
struct WorkerDaemon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Start a worker that claims jobs from a master (the default of `worker`).",
        discussion: """
            The worker dials out only. Its name is that of its token. Stopped or killed, it leaves \
            running steps to go on in their containers; started again, it goes on with them.

              slipway worker --master http://ci:8010 --token-file big-1.token --slots 4
            """
    )

    @Option(help: ArgumentHelp("The master's address.", valueName: "url"))
    var master: String

    @Option(help: ArgumentHelp("A file with the worker's token.", valueName: "file"))
    var tokenFile: String

    @Option(help: ArgumentHelp("Must be the token's name; only checked.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("Jobs ask for these; with commas.", valueName: "a,b"))
    var labels = "docker"

    @Option(help: ArgumentHelp("Jobs at once.", valueName: "n"))
    var slots = 2

    @Option(
        help: ArgumentHelp(
            "Where workspaces and unfinished jobs lie (default: `worker` in the data folder).",
            valueName: "dir"
        )
    )
    var data: String?

    @Option(
        help: ArgumentHelp(
            "With less room than this in its folder, it takes no jobs and says so.",
            valueName: "size"
        )
    )
    var minFree = "1GiB"

    @Flag(help: ArgumentHelp("Steps end at once, for measurements.", visibility: .hidden))
    var simulate = false

    func validate() throws {
        guard ByteSize(written: minFree) != nil else {
            throw ValidationError("--min-free takes a size such as 512MiB or 8GiB")
        }
        guard (1...1_000).contains(slots) else { throw ValidationError("--slots takes 1 to 1000") }
        guard master.hasPrefix("http://") || master.hasPrefix("https://") else {
            throw ValidationError("--master takes an address such as http://ci:8010")
        }
    }

    func run() async throws {
        guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
            throw ValidationError("\(tokenFile) cannot be read")
        }
        let folder =
            data ?? Folders.standard.data.appending(path: "worker").path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let lock = try DataLock(folder)
        let logger = makeLogger()
        let configuration = WorkerConfiguration(
            master: master.hasSuffix("/") ? String(master.dropLast()) : master,
            token: String(text.prefix { !$0.isNewline }),
            labels: labels.split(separator: ",").map(String.init),
            slots: slots,
            folder: folder,
            freeBytesMin: ByteSize(written: minFree)?.bytes ?? WorkerConfiguration.freeBytesUsual,
            isSimulated: simulate
        )
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: WorkerProcess(configuration: configuration, logger: logger))
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        ).run()
        extendLifetime(lock)
    }
}

private struct WorkerProcess: Service {
    let configuration: WorkerConfiguration
    let logger: Logger

    func run() async throws {
        try await runWorker(configuration, logger: logger)
    }
}
