import Foundation
import TestSupport
import Testing

/// What the tests ask of a server, in the words of the contract.
extension Server {
    /// The builds of a repository without their jobs, newest first.
    func builds(of name: String = "shop") async throws -> [JSON] {
        try await api.json("/api/v1/repositories/\(name)/builds?limit=200").items.elements
    }

    /// The build of a commit, with its jobs, when there is one.
    func build(of sha: String, in name: String = "shop") async throws -> JSON? {
        let row = try await builds(of: name).first { $0.sha.string == sha }
        guard let id = row?.id.int else { return nil }
        return try await api.json("/api/v1/builds/\(id)")
    }

    /// Waits for the end of the build of a commit.
    func finishedBuild(
        of sha: String,
        in name: String = "shop",
        within limit: Duration = .seconds(60)
    ) async throws -> JSON {
        do {
            return try await eventually("the build of \(sha) ends", within: limit) {
                let build = try await build(of: sha, in: name)
                return build?.state.string == "finished" ? build : nil
            }
        } catch {
            print("stands at: \(try await build(of: sha, in: name) ?? .null)")
            throw error
        }
    }

    /// Pushes one pipeline file and waits for the end of the build it makes.
    func run(
        _ pipeline: String,
        files: [String: String] = [:],
        from repository: SampleRepository,
        within limit: Duration = .seconds(60)
    ) async throws -> JSON {
        var files = files
        files["pipelines/main.yml"] = pipeline
        return try await finishedBuild(of: repository.push(files), within: limit)
    }

    /// The bytes of a step's log.
    func log(of job: JSON, step: Int) async throws -> Data {
        try await api.get("/api/v1/jobs/\(job.id.int ?? -1)/steps/\(step)/log").body
    }

    /// Runs a command of the executable that prints JSON, and reads it.
    func told(_ arguments: String...) async throws -> JSON {
        let command = try await slipway(arguments + ["--json"]).orThrow()
        return try JSON(command.output)
    }

    /// No container of this installation is left, as invariant 11 promises, but those kept warm:
    /// started, never used, and no job's.
    func leavesNoContainer(of worker: Server? = nil) async throws {
        let jobs = (worker.map(\.data) ?? data.appendingPathComponent("worker"))
            .appendingPathComponent("jobs")
        let file = jobs.appendingPathComponent("instance")
        let instance = try String(contentsOf: file, encoding: .utf8)
        try await eventually("every container of a job is gone", within: .seconds(75)) {
            try await Containers.berths(of: instance).allSatisfy { berth in
                let folder = jobs.appendingPathComponent("berths/\(berth)").path
                let isThere = FileManager.default.fileExists(atPath: folder)
                return isThere && !FileManager.default.fileExists(atPath: folder + "/job.json")
            }
        }
    }
}

extension JSON {
    /// The jobs of a build.
    func job(_ name: String) -> JSON { self["jobs"].named(name) }
}
