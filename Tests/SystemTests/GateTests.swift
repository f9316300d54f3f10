import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// Gates and locks on a real worker, while the master is killed.
    @Suite struct GateTests {
        private static let gated = """
            defaults: { image: "busybox:1" }
            jobs:
              ship:
                steps:
                  - name: make
                    run: |
                      echo made
                      echo COLOR=blue >>"$CI_ENV"
                      touch left-behind
                  - gate: { name: go-live, approvers: [ben, ann], min: 2 }
                  - name: ship
                    run: |
                      echo "shipped $COLOR"
                      ls
            """

        private func open(_ build: Int, as name: String, on server: Server) async throws {
            let token = try await server.api.post(
                "/api/v1/tokens",
                ["name": .string(name), "kind": "developer"]
            )
            let command = try await server.slipway([
                "gate", "open", "\(build)", "go-live", "--token", token.json.token.string ?? "",
            ])
            #expect(command.exitCode == 0, "\(command.text) \(command.errors)")
        }

        @Test(.timeLimit(.minutes(3)))
        func `a gate waits through kills of everything, and the job goes on behind it`()
            async throws
        {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let sha = try await repository.push(["pipelines/main.yml": Self.gated])
                func waiting() async throws -> JSON {
                    try await eventually("the job waits at its gate") {
                        let build = try await server.build(of: sha)
                        return build?.job("ship").waiting_reason.string?.contains("go-live") == true
                            ? build : nil
                    }
                }
                let build = try await waiting()
                let id = build.id.int ?? 0
                #expect(build.job("ship").steps[1].result == "success")
                try await server.kill9()
                try server.start()
                try await server.ready()
                _ = try await waiting()
                try await server.leavesNoContainer()

                try await open(id, as: "ben", on: server)
                try await server.kill9()
                try server.start()
                try await server.ready()
                let half = try await waiting()
                #expect(
                    half.job("ship").waiting_reason.string?.contains("1 of 2 approvals") == true
                )
                try await open(id, as: "ann", on: server)
                let done = try await server.finishedBuild(of: sha)
                #expect(done.result == "success", "\(done)")
                let job = done.job("ship")
                #expect(
                    job.steps.elements.map(\.result.string) == Array(repeating: "success", count: 4)
                )
                let made = String(decoding: try await server.log(of: job, step: 1), as: UTF8.self)
                #expect(made == "made\n")
                let shipped = String(
                    decoding: try await server.log(of: job, step: 3),
                    as: UTF8.self
                )
                // What it set before the gate is known; what it left lying about is not there.
                #expect(shipped == "shipped blue\npipelines\n")
                let listed = try await server.told("gate", "list", "\(id)")
                #expect(listed.items[0].state == "open")
                #expect(listed.items[0].words.elements.map(\.actor.string) == ["ben", "ann"])
            }
        }

        private static let locked = """
            defaults: { image: "busybox:1" }
            jobs:
              one: &job
                steps:
                  - name: hold
                    locks: [{ name: licence, count: 1, mode: counting }]
                    run: sh hold.sh
              two: *job
              three: *job
            """

        @Test(.timeLimit(.minutes(3)))
        func `a lock has one holder at a time, though its master is killed meanwhile`()
            async throws
        {
            try await withServer(arguments: ["--slots", "4"]) { server, scratch in
                try await withLedger { ledger in
                    let repository = try await SampleRepository(in: scratch)
                    try await server.add(repository)
                    let sha = try await repository.push([
                        "pipelines/main.yml": Self.locked,
                        "hold.sh": """
                        \(ledger.mark("in $CI_JOB_NAME"))
                        sleep 2
                        \(ledger.mark("out $CI_JOB_NAME"))
                        """,
                    ])
                    let reason = try await eventually("a job waits for the lock") {
                        let queue = try await server.told("queue")
                        return queue.items.elements.compactMap(\.waiting_reason.string)
                            .first { $0.contains("lock licence") }
                    }
                    #expect(reason.contains("which shop #1 ("))
                    try await server.kill9()
                    try server.start()
                    try await server.ready()
                    let done = try await server.finishedBuild(of: sha)
                    #expect(done.result == "success", "\(done)")
                    let words = ledger.lines.map { $0.split(separator: " ").first ?? "" }
                    #expect(words == ["in", "out", "in", "out", "in", "out"])
                }
            }
        }
    }
}
