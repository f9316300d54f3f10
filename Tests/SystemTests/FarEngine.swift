import Foundation
import TestSupport

/// A second Docker engine that sees other files than this machine where the tests keep theirs.
///
/// It runs in namespaces of its own, with nothing in the scratch folder of the test; its images are
/// the real engine's.
struct FarEngine {
    /// What `DOCKER_HOST` is to be.
    let host: String

    var environment: [String: String] { ["DOCKER_HOST": host] }

    /// Runs a docker command there.
    func docker(_ arguments: String...) async throws -> Command {
        try await Command.run("docker", ["--host", host] + arguments)
    }

    /// What is left there of any installation.
    func leftovers() async throws -> [String] {
        var left: [String] = []
        for (kind, arguments) in [("container", ["--all"]), ("volume", []), ("network", [])] {
            let listed = try await Command.run(
                "docker",
                ["--host", host, kind, "ls", "--quiet"] + arguments
                    + ["--filter", "label=slipway.instance"]
            )
            left += try listed.orThrow().text.split(separator: "\n").map { "\(kind) \($0)" }
        }
        return left
    }

    fileprivate func load(_ images: [String], in scratch: Scratch) async throws {
        let file = scratch.path("images.tar")
        try await Command.run("docker", ["save", "--output", file] + images).orThrow()
        try await docker("load", "--input", file).orThrow()
        try FileManager.default.removeItem(atPath: file)
    }

    fileprivate func clearAway() async throws {
        let all = try await docker("ps", "--all", "--quiet").orThrow().text
        for container in all.split(separator: "\n") {
            _ = try await docker("rm", "--force", "--volumes", String(container))
        }
    }
}

/// Runs the body with an engine that sees nothing of the scratch folder, and ends it with the body.
func withFarEngine<Answer>(
    images: [String] = ["busybox:1", "debian:bookworm-slim"],
    isolation: isolated (any Actor)? = #isolation,
    _ body: (FarEngine, Scratch) async throws -> Answer
) async throws -> Answer {
    try await withScratch { home in
        try await withScratch { scratch in
            let engine = FarEngine(host: "unix://\(home.path("sock"))")
            let log = try home.write("", to: "log")
            let process = try ChildProcess(
                "unshare",
                ["--net", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]
                    + [scratch.path(), home.path()],
                output: log,
                errors: log
            )
            do {
                try await eventually("the second engine answers") { () -> Bool in
                    if let code = process.exitCode {
                        let text = try String(contentsOf: log, encoding: .utf8)
                        throw NeverHappened(description: "it ended with \(code):\n\(text)")
                    }
                    return try await engine.docker("version").exitCode == 0
                }
                try await engine.load(images, in: home)
                let answer = try await body(engine, scratch)
                try await end(engine, process)
                return answer
            } catch {
                try? await end(engine, process)
                throw error
            }
        }
    }
}

/// A master, and a worker whose engine is elsewhere.
func withFarWorker(
    _ body: (FarEngine, Server, Server, SampleRepository) async throws -> Void
) async throws {
    try await withFarEngine { engine, scratch in
        let master = try Server(.master, in: scratch)
        do {
            try await master.ready()
            let token = try await master.api.post(
                "/api/v1/tokens",
                ["name": "far", "kind": "worker"]
            )
            let file = try scratch.write(token.json.token.string ?? "", to: "token")
            let worker = try Server(
                .worker(of: master.address, name: "far", tokenFile: file.path),
                in: scratch,
                arguments: ["--slots", "2"],
                environment: engine.environment
            )
            do {
                let repository = try await SampleRepository(in: scratch)
                try await master.add(repository)
                try await body(engine, master, worker, repository)
                try? await worker.kill9()
            } catch {
                print("the worker's last words:\n\(worker.log.suffix(4000))")
                try? await worker.kill9()
                throw error
            }
            await master.end()
        } catch {
            await master.end()
            throw error
        }
    }
}

private func end(_ engine: FarEngine, _ process: ChildProcess) async throws {
    try await engine.clearAway()
    process.signal(SIGTERM)
    try await process.exit(within: .seconds(30))
}

/// It has a network of its own too, because the real engine's rules would stop its containers.
private let script = """
    mount -t tmpfs none "$1" && ip link set lo up && exec dockerd --host="unix://$2/sock" \
        --pidfile="$2/pid" --data-root="$2/data" --exec-root="$2/exec" \
        --containerd-namespace="far-$$" --containerd-plugins-namespace="far-plugins-$$"
    """
