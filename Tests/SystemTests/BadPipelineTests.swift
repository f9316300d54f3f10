import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// What is wrong in a repository ends as one red build that says so, and nothing else suffers.
    @Suite struct BadPipelineTests {
        /// A pipeline file and the words its build must answer with.
        struct Case: CustomTestStringConvertible, Sendable {
            var testDescription: String
            var file: String
            var words: [String]
            var line: Int
        }

        private static let cases = [
            Case(
                testDescription: "an unknown key",
                file: "image: busybox:1\nsteps:\n  - commands: \"true\"\n",
                words: ["commands", "run"],
                line: 3
            ),
            Case(
                testDescription: "broken YAML",
                file: "image: busybox:1\nsteps: [\n  - run: \"true\n",
                words: [],
                line: 3
            ),
            Case(
                testDescription: "a circle of needs",
                file: """
                    defaults: { image: "busybox:1" }
                    jobs:
                      egg: { needs: [hen], steps: [{ run: "true" }] }
                      hen: { needs: [egg], steps: [{ run: "true" }] }
                    """,
                words: ["egg", "hen"],
                line: 3
            ),
            Case(
                testDescription: "an artifact path above the workspace",
                file: """
                    image: busybox:1
                    steps: [{ run: "true" }]
                    artifacts: [{ name: secrets, paths: ["../../etc/passwd"] }]
                    """,
                words: [".."],
                line: 3
            ),
        ]

        @Test func `every broken file makes a red build that names the line`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                for bad in Self.cases {
                    let build = try await server.run(bad.file, from: repository)
                    #expect(build.result == "failure", "\(bad.testDescription): \(build)")
                    let problem = build.problems[0]
                    #expect(problem.path == "pipelines/main.yml", "\(bad.testDescription)")
                    #expect(
                        abs((problem.line.int ?? -9) - bad.line) <= 1,
                        "\(bad.testDescription): \(problem)"
                    )
                    let text = "\(build.problems)"
                    for word in bad.words {
                        #expect(text.contains(word), "\(bad.testDescription): \(text)")
                    }
                }
            }
        }

        @Test func `an image that is nowhere is named, and is not the developer's failure`()
            async throws
        {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(
                    """
                    image: registry.invalid/no-such-image:1
                    steps: [{ run: "true" }]
                    """,
                    from: repository,
                    within: .seconds(120)
                )
                #expect(build.result == "exception", "\(build)")
                let log = try await server.log(of: build.jobs[0], step: 0)
                let text = String(decoding: log, as: UTF8.self) + "\(build.jobs)"
                #expect(text.contains("registry.invalid/no-such-image:1"))
            }
        }

        @Test func `a missing image folder is named`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(
                    """
                    image: ./containers/nowhere
                    steps: [{ run: "true" }]
                    """,
                    from: repository
                )
                #expect(!build.result.isGreen, "\(build)")
                let setup = try await server.log(of: build.jobs[0], step: 0)
                let text = String(decoding: setup, as: UTF8.self) + "\(build)"
                #expect(text.contains("containers/nowhere"), "\(build)")
            }
        }

        @Test func `a link out of the workspace is no artifact`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(
                    """
                    defaults: { image: "busybox:1" }
                    jobs:
                      leak:
                        steps: [{ run: "mkdir out && ln -s /etc/passwd out/innocent.txt" }]
                        artifacts: [{ name: out, paths: [out] }]
                    """,
                    from: repository
                )
                let passwd = try String(contentsOfFile: "/etc/passwd", encoding: .utf8)
                let id = build.id.int ?? 0
                let artifacts = try await server.api.json("/api/v1/builds/\(id)/artifacts").items
                for artifact in artifacts.elements {
                    let path = "/api/v1/artifacts/\(artifact.id.int ?? 0)/out/innocent.txt"
                    let file = try await server.api.get(path)
                    #expect(!file.text.contains(passwd.prefix(20)))
                }
                #expect("\(build)".contains("innocent.txt"), "the refusal names the link: \(build)")
            }
        }
    }
}

extension JSON {
    fileprivate var isGreen: Bool { ["success", "warnings", "skipped"].contains(self) }
}
