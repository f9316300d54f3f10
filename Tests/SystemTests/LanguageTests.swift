import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// What the whole language asks of master and worker together.
    @Suite struct LanguageTests {
        @Test func `inputs reach the steps, and wrong ones are refused with what would fit`()
            async throws
        {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                try await repository.push([
                    "pipelines/main.yml": """
                    on: { manual: { inputs: { level: { type: choice, options: [quick, full] } } } }
                    image: busybox:1
                    steps: [{ run: 'test "$LEVEL" = full', env: { LEVEL: "${{ inputs.level }}" } }]
                    """
                ])
                try await eventually("the push was fetched") {
                    let command = ["build", "start", "shop", "--input", "level=full", "--wait"]
                    return try await server.slipway(command).exitCode == 0
                }
                let page = try await server.api.get("/builds/1")
                #expect(page.text.contains("<bdi>level</bdi>"))
                let wrong = try await server.slipway("build", "start", "shop", "--input", "level=x")
                #expect(wrong.exitCode != 0)
                #expect(wrong.errors.contains("one of quick and full"), "\(wrong.errors)")
            }
        }

        @Test func `a red job keeps the files it was asked to keep when it is red`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(
                    """
                    image: busybox:1
                    steps: [{ run: "echo why >core.txt; false" }]
                    artifacts:
                      - { name: core, paths: [core.txt], when: failure }
                      - { name: app, paths: [app.txt] }
                    """,
                    from: repository
                )
                #expect(build.result == "failure")
                let page = try await server.api.get("/builds/\(build.id.int ?? 0)")
                #expect(page.text.contains("<bdi>core</bdi>"))
                #expect(!page.text.contains("<bdi>app</bdi>"))
            }
        }

        @Test func `what steps write for people is on the build's page and in the API`()
            async throws
        {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(
                    """
                    image: busybox:1
                    steps: [{ run: 'echo "# <b>Nine</b> of ten" >$CI_SUMMARY' }]
                    """,
                    from: repository
                )
                let page = try await server.api.get("/builds/\(build.id.int ?? 0)")
                #expect(page.text.contains("# &lt;b&gt;Nine&lt;/b&gt; of ten"))
                let id = build.jobs.elements[0].id.int ?? 0
                let job = try await server.api.json("/api/v1/jobs/\(id)")
                #expect(job.summary.string == "# <b>Nine</b> of ten\n")
            }
        }

        @Test func `the first failure of a matrix stops the others on their workers`() async throws
        {
            try await withServer(arguments: ["--slots", "2"]) { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(
                    """
                    defaults: { image: "busybox:1" }
                    jobs:
                      test:
                        matrix: { v: [bad, slow] }
                        steps:
                          - run: if [ $V = bad ]; then sleep 3; false; else sleep 300; fi
                            env: { V: "${{ matrix.v }}" }
                    """,
                    from: repository
                )
                #expect(build.result == "failure", "\(build)")
                #expect(build.job("test (v=bad)").result == "failure")
                #expect(build.job("test (v=slow)").result == "cancelled")
                try await server.leavesNoContainer()
            }
        }
    }
}
