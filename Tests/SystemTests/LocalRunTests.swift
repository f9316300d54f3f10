import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// `slipway run`: a working tree on this machine's own engine.
    @Suite struct LocalRunTests {
        private static let pipeline = """
            on: { push: {}, manual: { inputs: { level: { type: choice, options: [a, b] } } } }
            defaults: { image: "busybox:1" }
            jobs:
              test:
                matrix: { v: ["1.0", "1.10"] }
                steps:
                  - run: 'echo "v=$V" >>$CI_OUTPUT; cat hello.txt; echo $V >out-$V.txt'
                    env: { V: "${{ matrix.v }}" }
                  - { run: exit 77, exit_codes: { 77: skipped } }
                artifacts: [{ name: app, paths: ["out-*.txt"] }]
              docs: { if: "branch == 'nowhere'", steps: [{ run: "true" }] }
              soft: { allow_failure: true, steps: [{ run: "false" }] }
              ship:
                needs: [test, { job: docs, optional: true }]
                if: needs.test.outputs.v == '1.10'
                env: { V: "${{ needs.test.outputs.v }}", LEVEL: "${{ inputs.level }}" }
                steps:
                  - download: { job: "test (v=1.10)", artifact: app, to: got/ }
                  - run: 'test "$(cat got/out-1.10.txt)" = "$V"; echo "level $LEVEL"'
              never: { needs: [soft], if: failure(), steps: [{ run: "true" }] }
            """

        private func results(_ jobs: [JSON]) -> [String: String] {
            var results: [String: String] = [:]
            for job in jobs { results[job.name.string ?? ""] = job.result.string }
            return results
        }

        private func run(
            _ arguments: [String],
            in repository: SampleRepository,
            _ scratch: Scratch
        ) async throws -> Command {
            try await Command.run(
                try Server.executable(),
                ["run"] + arguments,
                in: repository.work,
                environment: ["HOME": scratch.path(), "XDG_CACHE_HOME": scratch.path("cache")]
            )
        }

        @Test func `a run ends as the same build on a server does`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(
                    Self.pipeline,
                    files: ["hello.txt": "ahoy\n"],
                    from: repository
                )
                #expect(build.result == "success" || build.result == "warnings", "\(build)")
                let local = try await run(["--json"], in: repository, scratch)
                #expect(local.exitCode == 0, "\(local.errors)")
                let outcome = try JSON(local.output)
                #expect(outcome.result == build.result)
                #expect(results(outcome.jobs.elements) == results(build.jobs.elements))
                #expect(results(build.jobs.elements)["soft"] == "warnings")
                #expect(results(build.jobs.elements)["docs"] == "skipped")
                #expect(results(build.jobs.elements)["ship"] == "success")
            }
        }

        @Test func `what is in the working tree runs, committed or not`() async throws {
            try await withScratch { scratch in
                let repository = try await SampleRepository(in: scratch)
                try await repository.commit([
                    "pipelines/main.yml": Self.pipeline, "hello.txt": "old\n",
                ])
                try Data("new\n".utf8).write(
                    to: repository.work.appendingPathComponent("hello.txt")
                )
                let local = try await run(
                    [
                        "--job", "ship", "--matrix", "v=1.10", "--event", "manual", "--input",
                        "level=b",
                    ],
                    in: repository,
                    scratch
                )
                #expect(local.exitCode == 0, "\(local.text) \(local.errors)")
                #expect(local.text.contains("| new"))
                #expect(local.text.contains("| level b"))
                #expect(!local.text.contains("1.0)"))
                #expect(!local.text.contains("soft"))
                #expect(try await repository.git(["status", "--porcelain"]) == "M hello.txt")
                #expect(try await containers(of: scratch).isEmpty)
            }
        }

        @Test func `what cannot be run says why`() async throws {
            try await withScratch { scratch in
                let repository = try await SampleRepository(in: scratch)
                try await repository.commit(["README.md": "x\n"])
                let none = try await run([], in: repository, scratch)
                #expect(none.exitCode == 5)
                #expect(none.errors.contains("there is no pipeline file"))
                try await repository.commit(["pipelines/main.yml": Self.pipeline])
                let unknown = try await run(["--job", "tset"], in: repository, scratch)
                #expect(unknown.exitCode == 5)
                #expect(unknown.errors.contains("there is no job 'tset'"))
                try await repository.commit(["pipelines/main.yml": "imagee: x\nsteps: []\n"])
                let bad = try await run([], in: repository, scratch)
                #expect(bad.exitCode == 1)
                #expect(bad.text.contains("pipelines/main.yml:1:1"))
            }
        }

        @Test func `an interrupt ends the steps and leaves nothing behind`() async throws {
            try await withScratch { scratch in
                let repository = try await SampleRepository(in: scratch)
                try await repository.commit([
                    "pipelines/main.yml": """
                    image: busybox:1
                    steps:
                      - run: echo begun; sleep 300
                      - { run: echo tidy, if: always() }
                    """
                ])
                let output = try scratch.write("", to: "run.log")
                let process = try ChildProcess(
                    try Server.executable(),
                    ["run"],
                    in: repository.work,
                    environment: ["HOME": scratch.path(), "XDG_CACHE_HOME": scratch.path("cache")],
                    output: output,
                    errors: output
                )
                let text = { try String(contentsOf: output, encoding: .utf8) }
                try await eventually("the step runs") { try text().contains("\nbegun\n") }
                process.signal(SIGINT)
                #expect(try await process.exit(within: .seconds(40)) == 3)
                let shown = try text()
                #expect(shown.contains("\ntidy\n"), "\(shown)")
                #expect(try await containers(of: scratch).isEmpty)
            }
        }

        @Test func `a failed job's container is kept when asked, until the next run`() async throws
        {
            try await withScratch { scratch in
                let repository = try await SampleRepository(in: scratch)
                let pipeline = "image: busybox:1\nsteps: [{ run: echo kept >note; exit 4 }]\n"
                try await repository.commit(["pipelines/main.yml": pipeline])
                let failed = try await run(["--keep"], in: repository, scratch)
                #expect(failed.exitCode == 1)
                let name = try #require(try await containers(of: scratch).first)
                #expect(failed.errors.contains("docker exec -it \(name) /bin/sh"))
                let look = try await Command.run(
                    "docker",
                    ["exec", name, "cat", "/workspace/note"]
                )
                #expect(look.text == "kept")
                _ = try await run([], in: repository, scratch)
                #expect(try await containers(of: scratch).isEmpty)
            }
        }

        /// The names of the containers that runs of this scratch folder have left.
        private func containers(of scratch: Scratch) async throws -> [String] {
            let root = scratch.path("cache/slipway/run")
            let folders = try FileManager.default.contentsOfDirectory(atPath: root)
            let file = "\(root)/\(try #require(folders.first))/instance"
            let instance = try String(contentsOfFile: file, encoding: .utf8)
            let listed = try await Command.run(
                "docker",
                [
                    "ps", "--all", "--filter", "label=slipway.instance=\(instance)", "--format",
                    "{{.Names}}",
                ]
            )
            return listed.text.split(separator: "\n").map(String.init)
        }
    }
}
