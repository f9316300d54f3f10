import Foundation
import TestSupport
import Testing

extension SystemTests {
    @Suite struct TryTests {
        private static let pipeline = """
            defaults: { image: "busybox:1" }
            jobs:
              test:
                steps:
                  - name: read
                    run: cat greeting.txt new/file.txt
              ship:
                needs: [test]
                steps:
                  - run: mkdir dist && cp greeting.txt dist/
                  - name: give
                    publish: { from: dist, version: "1.0.${{ build }}" }
            """

        @Test func `a dirty working tree is built on the workers and publishes nothing`()
            async throws
        {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                try await repository.push([
                    "greeting.txt": "ahoy\n",
                    "pipelines/main.yml": "on: { tag: [x] }\nimage: x\nsteps: [{ run: x }]\n",
                    ".gitignore": "secret.txt\n",
                ])
                for (name, text) in [
                    "greeting.txt": "changed\n", "new/file.txt": "new\n",
                    "pipelines/main.yml": Self.pipeline, "secret.txt": "hush\n",
                ] {
                    try scratch.write(text, to: "\(repository.work.lastPathComponent)/\(name)")
                }
                let status = try await repository.git(["status", "--porcelain"])
                let tried = try await server.slipway(["try", "--wait"], in: repository.work)
                #expect(tried.exitCode == 1, "\(tried.text) \(tried.errors)")
                #expect(tried.errors.contains("that the server lacked"))
                #expect(tried.text.contains("Nothing was published: A try is not released"))
                let build = try #require(try await server.builds().first)
                let whole = try await server.api.json("/api/v1/builds/\(build.id.int ?? 0)")
                #expect(whole.event == "try")
                #expect(whole.reason == "Try by admin")
                #expect(whole.job("test").result == "success")
                let give = whole.job("ship").steps.elements.first { $0.name == "give" }
                #expect(give?.result == "failure")
                let log = try await server.log(of: whole.job("test"), step: 1)
                #expect(String(decoding: log, as: UTF8.self) == "changed\nnew\n")
                #expect(try await server.api.json("/cs/v1/units").items.elements.isEmpty)
                // Neither here nor there is anything else than before.
                #expect(try await repository.git(["status", "--porcelain"]) == status)
                let refs = try await repository.git(["ls-remote", "origin", "refs/*"])
                #expect(refs.split(separator: "\n").count == 1)
                // Who starts it by hand gets no further.
                let sha = whole.sha.string ?? ""
                let byHand = try await server.slipway(
                    "build",
                    "start",
                    "shop",
                    "--sha",
                    sha,
                    "--wait"
                )
                #expect(byHand.exitCode == 1)
                #expect(byHand.text.contains("Nothing was published: A try is not released"))
                let again = try await server.slipway(["try", "--json"], in: repository.work)
                #expect(again.exitCode == 0, "\(again.errors)")
            }
        }

        @Test func `a tree of another repository is refused with the way on`() async throws {
            try await withServer(.master) { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let other = try await SampleRepository(in: scratch, name: "other")
                try await other.commit(["a.txt": "1"])
                let guess = try await server.slipway(["try"], in: other.work)
                #expect(guess.exitCode == 5)
                #expect(guess.errors.contains("name it with --repo: shop"))
                let forced = try await server.slipway(["try", "--repo", "shop"], in: other.work)
                #expect(forced.exitCode == 5)
                #expect(forced.errors.contains("has none of the last 1 commits of this tree"))
                let ghost = try await server.slipway(["try", "--repo", "ghost"], in: other.work)
                #expect(ghost.exitCode == 5)
                #expect(ghost.errors.contains("There is no repository ghost."))
                let nowhere = try await server.slipway(["try"], in: scratch.url)
                #expect(nowhere.exitCode == 5)
                #expect(nowhere.errors.contains("no working tree"))
            }
        }
    }
}
