import Foundation
import Glibc
import TestSupport
import Testing

extension SystemTests {
    /// A disk of a few megabytes below the master's data, full for a while.
    @Suite struct FullDiskTests {
        @Test func `a full disk loses nothing, says so, and all goes on when there is room`()
            async throws
        {
            try await withScratch { scratch in
                try await Self.withDisk(ofMegabytes: 24, at: scratch.path("data-master")) { disk in
                    try await Self.fill(disk, of: try Server(.master, in: scratch), in: scratch)
                }
            }
        }

        private static let pipeline = """
            image: busybox:1
            steps: [{ run: "head -c 30000000 /dev/zero | tr '\\\\0' x" }]
            """

        private static func fill(
            _ disk: String,
            of master: Server,
            in scratch: Scratch
        ) async throws {
            try await master.ready()
            let worker = try await worker(of: master, in: scratch)
            do {
                let repository = try await SampleRepository(in: scratch)
                try await master.add(repository)
                let sha = try await repository.push(["pipelines/main.yml": pipeline])
                let refusal = try await eventually("the disk is full", within: .seconds(60)) {
                    let token: JSON = ["name": "t", "kind": "viewer"]
                    let answer = try await master.api.post("/api/v1/tokens", token)
                    return answer.status == 507 ? answer : nil
                }
                #expect(refusal.text.contains("Free some space"), "\(refusal.text)")
                #expect(try await master.build(of: sha)?.state.string == "running")
                try await asRoot("mount", "-o", "remount,size=400m", disk)
                let build = try await master.finishedBuild(of: sha)
                #expect(build.result == "success", "\(build)")
                let log = try await master.log(of: build.jobs[0], step: 1)
                #expect(log == Data(repeating: UInt8(ascii: "x"), count: 30_000_000))
            } catch {
                await worker.end()
                await master.end()
                throw error
            }
            await worker.end()
            await master.end()
        }

        private static func worker(of master: Server, in scratch: Scratch) async throws -> Server {
            let answer = try await master.api.post(
                "/api/v1/tokens",
                ["name": "w1", "kind": "worker"]
            )
            let file = try scratch.write(answer.json.token.string ?? "", to: "worker-token")
            return try Server(
                .worker(of: master.address, name: "w1", tokenFile: file.path),
                in: scratch
            )
        }

        private static func withDisk(
            ofMegabytes size: Int,
            at path: String,
            _ body: (String) async throws -> Void
        ) async throws {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
            let mine = "size=\(size)m,uid=\(geteuid()),mode=0700"
            try await asRoot("mount", "-t", "tmpfs", "-o", mine, "slipway", path)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(path)) } catch { outcome = .failure(error) }
            try await asRoot("umount", path)
            try outcome.get()
        }

        private static func asRoot(_ command: String...) async throws {
            try await Command.run("env", (geteuid() == 0 ? [] : ["sudo"]) + command).orThrow()
        }
    }
}
