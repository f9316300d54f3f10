package import Foundation
import Glibc
import Synchronization

/// A `slipway up`, `master` or `worker` with a data folder of its own, killed when its test ends.
package final class Server: Sendable {
    /// Which of the executable's long-running commands.
    package enum Kind: Sendable {
        /// Master and worker in one process.
        case up
        case master
        /// Of the master at that address, with a token made for it.
        case worker(of: String, name: String, tokenFile: String)
    }

    package let data: URL
    /// Where it listens, and listens again after a restart.
    package let address: String
    private let arguments: [String]
    private let environment: [String: String]
    private let scratch: Scratch
    private let logName: String
    private let process: Mutex<ChildProcess>

    /// Starts the process and does not wait for it.
    package init(
        _ kind: Kind,
        in scratch: Scratch,
        arguments: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        let name: String
        switch kind {
        case .up, .master:
            name = "master"
            address = "127.0.0.1:\(try freePort())"
        case .worker(let master, let worker, _):
            name = worker
            address = master
        }
        self.scratch = scratch
        data = scratch.url.appendingPathComponent("data-\(name)")
        logName = "\(name).log"
        self.arguments = kind.arguments(data: data.path, address: address) + arguments
        self.environment = environment.merging(["HOME": scratch.path()]) { ours, _ in ours }
        process = Mutex(
            try Self.start(self.arguments, self.environment, log: scratch.path(logName))
        )
    }

    package var url: String { "http://\(address)" }

    package var pid: pid_t { process.withLock { $0 }.pid }

    /// What it wrote to its standard output and error so far.
    package var log: String {
        (try? String(contentsOf: scratch.url.appendingPathComponent(logName), encoding: .utf8))
            ?? ""
    }

    /// The first start writes it.
    package var adminToken: String? {
        let file = data.appendingPathComponent("admin-token")
        return (try? String(contentsOf: file, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// As the administrator.
    package var api: API { API(base: url, token: adminToken) }

    /// As nobody.
    package var stranger: API { API(base: url) }

    package func ready() async throws {
        try await eventually("\(url) is ready:\n\(log)") { () -> Bool in
            if let exitCode = process.withLock({ $0 }).exitCode {
                throw NeverHappened(description: "it ended with \(exitCode):\n\(log)")
            }
            return try await API(base: url).get("/readyz", within: .seconds(2)).status == 200
        }
    }

    /// Kills it as a power cut would, and comes back when it is gone.
    package func kill9() async throws {
        let process = process.withLock { $0 }
        process.signal(SIGKILL)
        try await process.exit(within: .seconds(10))
    }

    /// Kills it for good, with the containers it would have come back to.
    package func end() async {
        try? await kill9()
        for folder in ["worker/jobs", "jobs"] {
            let file = data.appendingPathComponent("\(folder)/instance")
            guard let instance = try? String(contentsOf: file, encoding: .utf8) else { continue }
            try? await Containers.remove(of: instance)
        }
    }

    /// Starts it again with the same data at the same address.
    package func start() throws {
        let next = try Self.start(arguments, environment, log: scratch.path(logName))
        process.withLock { $0 = next }
    }

    /// Asks it to end, and waits for that.
    @discardableResult
    package func stop(within limit: Duration = .seconds(30)) async throws -> Int32 {
        let process = process.withLock { $0 }
        process.signal(SIGTERM)
        return try await process.exit(within: limit)
    }

    /// Runs another command of the executable against this server, as its administrator.
    package func slipway(_ arguments: String...) async throws -> Command {
        try await slipway(arguments)
    }

    package func slipway(_ arguments: [String], in folder: URL? = nil) async throws -> Command {
        try await Command.run(
            try Self.executable(),
            arguments,
            in: folder,
            environment: [
                "HOME": scratch.path(), "SLIPWAY_SERVER": url,
                "SLIPWAY_TOKEN": adminToken ?? "",
            ]
        )
    }

    /// Adds a repository and waits until its first fetch is over: only later pushes start builds.
    package func add(_ repository: SampleRepository, as name: String = "shop") async throws {
        let answer = try await api.post(
            "/api/v1/repositories",
            ["name": .string(name), "url": .string(repository.bare.path), "default_branch": "main"]
        )
        guard answer.status == 201 else {
            throw NeverHappened(description: "repository \(name): \(answer.status) \(answer.text)")
        }
        try await eventually("\(name) was fetched") {
            try await api.json("/api/v1/repositories/\(name)").fetched_at != .null
        }
    }

    /// The executable of the same build as this test, or `SLIPWAY_EXECUTABLE`.
    package static func executable() throws -> String {
        if let path = ProcessInfo.processInfo.environment["SLIPWAY_EXECUTABLE"] { return path }
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appendingPathComponent("slipway").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw NeverHappened(description: "there is no \(path): run swift build first")
        }
        return path
    }

    private static func start(
        _ arguments: [String],
        _ environment: [String: String],
        log: String
    ) throws -> ChildProcess {
        let log = URL(fileURLWithPath: log)
        return try ChildProcess(
            try executable(),
            arguments,
            environment: environment,
            output: log,
            errors: log
        )
    }
}

extension Server.Kind {
    fileprivate func arguments(data: String, address: String) -> [String] {
        switch self {
        case .up:
            ["up", "--data", data, "--listen", address]
        case .master:
            ["master", "--data", data, "--listen", address]
        case .worker(let master, let name, let tokenFile):
            [
                "worker", "--data", data, "--master", "http://\(master)", "--name", name,
                "--token-file", tokenFile,
            ]
        }
    }
}

/// Runs the body with a server that is ready, and ends it with the body.
package func withServer<Answer>(
    _ kind: Server.Kind = .up,
    arguments: [String] = [],
    environment: [String: String] = [:],
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Server, Scratch) async throws -> Answer
) async throws -> Answer {
    try await withScratch { scratch in
        let server = try Server(
            kind,
            in: scratch,
            arguments: arguments,
            environment: environment
        )
        do {
            try await server.ready()
            let answer = try await body(server, scratch)
            await server.end()
            return answer
        } catch {
            print("the server's last words:\n\(server.log.suffix(4000))")
            await server.end()
            throw error
        }
    }
}
