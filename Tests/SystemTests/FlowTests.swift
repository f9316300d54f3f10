import Foundation
import TestSupport
import Testing

extension SystemTests {
    @Suite struct FlowTests {
        private static let pipeline = """
            defaults: { image: "busybox:1" }
            jobs:
              test:
                steps:
                  - name: greet
                    run: |
                      cat greeting.txt
                      git --version || echo "no git needed"
                      mkdir dist && cp greeting.txt dist/
                artifacts: [{ name: dist, paths: [dist] }]
              ship:
                needs: [test]
                steps:
                  - download: { job: test, artifact: dist, to: dist/ }
                  - publish: { from: dist/dist, version: "1.0.${{ build }}", channel: dev }
            """

        @Test func `a push becomes a release, and a promotion moves the channel`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let sha = try await repository.push([
                    "pipelines/main.yml": Self.pipeline, "greeting.txt": "ahoy\n",
                ])
                let build = try await server.finishedBuild(of: sha)
                #expect(build.result == "success", "\(build)")
                #expect(build.ref == "refs/heads/main")
                #expect(build.author == "Ada Lovelace")

                let log = try await server.log(of: build.job("test"), step: 1)
                #expect(String(decoding: log, as: UTF8.self).hasPrefix("ahoy\n"))

                let version = "1.0.\(build.number.int ?? 0)"
                let release = try await server.told("release", "show", "shop", version)
                #expect(release.commit == .string(sha))
                #expect(try await server.get("/files/shop/dev/greeting.txt") == "ahoy\n")

                for channel in ["staging", "production"] {
                    let promotion = try await server.slipway(
                        "promote",
                        "shop",
                        version,
                        "--to",
                        channel,
                        "--reason",
                        "it works"
                    )
                    #expect(promotion.exitCode == 0, "\(promotion.text) \(promotion.errors)")
                }
                let pointer = try await server.api.json("/cs/v1/channels/shop/production")
                #expect(pointer.version == .string(version))
                #expect(pointer.release == release.digest)
            }
        }

        @Test func `a rollback brings the release before back`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                for text in ["one\n", "two\n"] {
                    let build = try await server.run(
                        Self.pipeline,
                        files: ["greeting.txt": text],
                        from: repository
                    )
                    #expect(build.result == "success", "\(build)")
                }
                #expect(try await server.get("/files/shop/dev/greeting.txt") == "two\n")
                let rollback = try await server.slipway("rollback", "shop", "dev")
                #expect(rollback.exitCode == 0, "\(rollback.errors)")
                #expect(try await server.get("/files/shop/dev/greeting.txt") == "one\n")
            }
        }

        @Test func `a red build can be retried, and only what failed runs again`() async throws {
            try await withServer { server, scratch in
                try await withLedger { ledger in
                    let repository = try await SampleRepository(in: scratch)
                    try await server.add(repository)
                    let build = try await server.run(
                        """
                        defaults: { image: "busybox:1" }
                        jobs:
                          good: { steps: [{ run: "sh good.sh" }] }
                          bad: { needs: [good], steps: [{ run: "sh bad.sh" }] }
                        """,
                        files: [
                            "good.sh": ledger.mark("good"),
                            "bad.sh": ledger.mark("bad") + "\nexit 3\n",
                        ],
                        from: repository
                    )
                    #expect(build.result == "failure")
                    #expect(build.job("bad").steps[1].exit_code == 3)
                    let id = try #require(build.id.int)
                    let retried = try await server.api.post(
                        "/api/v1/builds/\(id)/retries",
                        ["failed_only": true]
                    )
                    #expect(retried.status == 201, "\(retried.text)")
                    try await eventually("the retry ends") {
                        let builds = try await server.builds()
                        return builds.count == 2 && builds.allSatisfy { $0.state == "finished" }
                    }
                    #expect(ledger.lines.sorted() == ["bad", "bad", "good"])
                }
            }
        }

        @Test func `a running build can be cancelled, whatever its step does`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let sha = try await repository.push([
                    "pipelines/main.yml": """
                    image: busybox:1
                    steps:
                      - run: |
                          trap '' TERM INT HUP
                          echo deaf
                          while :; do sleep 1; done
                    """
                ])
                let build = try await eventually("its step speaks") {
                    guard let build = try await server.build(of: sha) else { return nil as JSON? }
                    let log = try await server.log(of: build.jobs[0], step: 1)
                    return log == Data("deaf\n".utf8) ? build : nil
                }
                let id = try #require(build.id.int)
                let answer = try await server.api.post("/api/v1/builds/\(id)/cancellation")
                #expect(answer.status == 202)
                let ended = try await server.finishedBuild(of: sha, within: .seconds(20))
                #expect(ended.result == "cancelled")
                try await server.leavesNoContainer()
            }
        }
    }
}

extension Server {
    /// The body of an answer that must be a good one.
    fileprivate func get(_ path: String) async throws -> String {
        let answer = try await api.get(path)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        return answer.text
    }
}
