import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// Plug-ins without a shell, whose worker is killed while they run.
    @Suite struct ProgramKillTests {
        private static let lines = 3_000

        private static let files = [
            "containers/bare/Dockerfile": """
            FROM busybox:1
            RUN ["/bin/busybox", "rm", "-f", "/bin/sh"]
            COPY program /program
            ENTRYPOINT ["/bin/busybox", "sh", "/program"]

            """,
            "containers/bare/program": """
            echo ran >>ledger; i=0
            while [ $i -lt \(lines) ]; do
                echo "$PLUGIN_WORD $i"; i=$((i + 1)); [ $((i % 100)) != 0 ] || sleep 0.1
            done
            exit 3

            """,
        ]

        private static let pipeline = """
            on: { push: {} }
            steps:
              - image: ./containers/bare
                with: { word: number }
                exit_codes: { 3: warnings }
              - { image: "busybox:1", run: cat ledger }
            """

        @Test(.timeLimit(.minutes(3)))
        func `a plug-in without a shell outlives its worker, its log whole`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                try await Self.check(server, server, repository)
            }
        }

        @Test(.timeLimit(.minutes(3)))
        func `so it does on an engine that does not see the worker's files`() async throws {
            try await withFarWorker { _, master, worker, repository in
                try await Self.check(master, worker, repository)
            }
        }

        private static func check(
            _ master: Server,
            _ worker: Server,
            _ repository: SampleRepository
        ) async throws {
            let sha = try await repository.push(
                files.merging(["pipelines/main.yml": pipeline]) { $1 }
            )
            for lines in [10, 800, 1_600] {
                try await eventually("\(lines) lines came") {
                    guard let build = try await master.build(of: sha) else { return false }
                    let log = try await master.log(of: build.job("main"), step: 1)
                    return log.count > lines * 10
                }
                try await worker.kill9()
                try worker.start()
                try await master.ready()
            }
            let build = try await master.finishedBuild(of: sha)
            #expect(build.result == "warnings", "\(build)")
            let main = build.job("main")
            #expect(main.steps[1].exit_code == 3)
            let expected = (0..<lines).map { "number \($0)\n" }.joined()
            let isWhole = try await master.log(of: main, step: 1) == Data(expected.utf8)
            #expect(isWhole)
            #expect(try await master.log(of: main, step: 2) == Data("ran\n".utf8))
        }
    }
}
