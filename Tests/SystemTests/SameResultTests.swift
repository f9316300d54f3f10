import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// Each construct of the language on a server with a worker, and by `slipway run`: the steps
    /// check for themselves that they got what the file says.
    @Suite struct SameResultTests {
        /// A pipeline with the files it needs, and how its jobs end.
        struct Construct: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var pipeline: String
            var files: [String: String] = [:]
            var results: [String: String]
        }

        static let constructs = [
            Construct(
                testDescription: "plug-in images",
                pipeline: """
                    jobs:
                      plug:
                        steps:
                          - image: ./containers/plug
                            with: { dry-run: true, Message: "it's $me" }
                            env: { PLUGIN_BRANCH: "${{ branch }}" }
                          - image: ./containers/plug
                            with: { message: bad }
                            exit_codes: { 9: warnings }
                    """,
                files: [
                    "containers/plug/Dockerfile": """
                    FROM busybox:1
                    COPY plug.sh /plug.sh
                    ENTRYPOINT ["/bin/sh", "/plug.sh"]
                    CMD ["word"]

                    """,
                    "containers/plug/plug.sh": """
                    if [ "$PLUGIN_MESSAGE" = bad ]; then exit 9; fi
                    test "$1 $PLUGIN_DRY_RUN $PLUGIN_BRANCH $PWD" = "word true main /workspace"
                    test "$PLUGIN_MESSAGE" = "it's "'$me'

                    """,
                ],
                results: ["plug": "warnings"]
            ),
            Construct(
                testDescription: "services, hash(), the context and no checkout",
                pipeline: """
                    defaults: { image: "busybox:1" }
                    jobs:
                      web:
                        services:
                          www:
                            image: ./containers/www
                            env: { GREETING: "hello ${{ short_sha }}" }
                            health: { run: test -e /www/ready, timeout: 20s }
                        env: { H: "${{ hash('hello.txt') }}", NONE: "${{ hash('no/**') }}" }
                        steps:
                          - run: |
                              test "$(wget -qO- http://www/index)" = "hello $CI_COMMIT_SHORT_SHA"
                              test ${#H} = 64; test -z "$NONE"
                              grep -q '"branch" : "main"' $CI_CONTEXT
                      bare:
                        checkout: false
                        steps: [{ run: 'test -z "$(ls -A)"' }]
                      shallow:
                        checkout: { depth: 1 }
                        steps: [{ run: test -s .git/shallow }]
                    """,
                files: [
                    "hello.txt": "x\n",
                    "containers/www/Dockerfile": """
                    FROM busybox:1
                    CMD mkdir /www && echo "$GREETING" >/www/index && touch /www/ready && \
                        httpd -f -h /www

                    """,
                ],
                results: ["web": "success", "bare": "success", "shallow": "success"]
            ),
            Construct(
                testDescription: "retry, exit codes, conditions, soft needs and reuse",
                pipeline: """
                    defaults: { image: "busybox:1" }
                    jobs:
                      flaky:
                        steps:
                          - run: "echo x >>n; test $(wc -l <n) = 2 || exit 75"
                            retry: { max: 2, on: [75] }
                          - { run: exit 3, exit_codes: { 3: skipped } }
                          - { run: "false", allow_failure: true }
                          - { run: test -e n, if: always() }
                      left-out: { if: "branch =~ 'release/**'", steps: [{ run: "false" }] }
                      used: { uses: ./pipelines/lib/check.yml, with: { word: big } }
                      after:
                        needs: [{ job: left-out, optional: true }, used]
                        env: { W: "${{ needs.used.outputs.word }}" }
                        steps: [{ run: test "$W" = big }]
                    """,
                files: [
                    "pipelines/lib/check.yml": """
                    inputs: { word: { required: true } }
                    image: busybox:1
                    steps: [{ run: "echo word=$W >>$CI_OUTPUT", env: { W: "${{ inputs.word }}" } }]

                    """
                ],
                results: [
                    "flaky": "warnings", "left-out": "skipped", "used / check": "success",
                    "after": "success",
                ]
            ),
            Construct(
                testDescription: "generated jobs",
                pipeline: """
                    defaults: { image: "busybox:1" }
                    jobs:
                      gen:
                        steps:
                          - run: |
                              for v in 1 2; do echo "v: $v" >part-$v.txt; done
                              cat >$CI_JOBS <<'END'
                              defaults: { image: "busybox:1" }
                              jobs:
                                part:
                                  matrix: { v: ["1", "2"] }
                                  needs: [gen]
                                  steps:
                                    - download: { job: gen, artifact: parts }
                                    - run: 'grep "v: $CI_MATRIX_V" part-$CI_MATRIX_V.txt'
                                last: { needs: [part], steps: [{ run: cat /etc/nothing }] }
                              END
                        artifacts: [{ name: parts, paths: ["part-*.txt"] }]
                      bad:
                        steps: [{ run: 'echo "jobs: { x: { step: [] } }" >$CI_JOBS' }]
                      before: { needs: [gen], steps: [{ run: "true" }] }
                    """,
                results: [
                    "gen": "success", "part (v=1)": "success", "part (v=2)": "success",
                    "last": "failure", "bad": "failure", "before": "success",
                ]
            ),
        ]

        @Test(arguments: constructs + telling + ending)
        func `it ends the same on a server and on a laptop`(construct: Construct) async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await repository.commit(["README.md": "x\n"])
                try await server.add(repository)
                let build = try await server.run(
                    construct.pipeline,
                    files: construct.files,
                    from: repository
                )
                let made = results(build.jobs.elements)
                #expect(made == construct.results, "\(build.jobs) \(build.problems)")
                let local = try await slipwayRun(["--json"], in: repository, scratch)
                let outcome = try JSON(local.output)
                #expect(results(outcome.jobs.elements) == construct.results, "\(local.text)")
                #expect(outcome.result == build.result)
            }
        }

        @Test func `a cache outlives its job on a worker and on a laptop`() async throws {
            let pipeline = """
                image: busybox:1
                cache: [{ key: "k-${{ hash('lock') }}", restore: [k-], paths: [kept] }]
                steps: [{ run: "mkdir -p kept; echo x >>kept/n; wc -l <kept/n" }]
                """
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                for (lock, lines) in [("a", "1"), ("b", "2"), ("b", "3")] {
                    let files = ["lock": lock, "again": "\(UUID())"]
                    let build = try await server.run(pipeline, files: files, from: repository)
                    let job = build.jobs.elements[0].id.int ?? 0
                    #expect(build.result == "success")
                    let log = try await server.slipway("logs", "\(job)", "--step", "1")
                    #expect(log.text == lines, "\(log.text)")
                }
                // What is there under its very key is not written again.
                for lines in ["1", "2", "2"] {
                    let local = try await slipwayRun([], in: repository, scratch)
                    #expect(local.exitCode == 0, "\(local.errors)")
                    #expect(local.text.contains("\n\(lines)\n"), "\(local.text)")
                }
            }
        }

        @Test func `a laptop's secrets come from its environment or a file, and show nowhere`()
            async throws
        {
            let pipeline = """
                image: busybox:1
                steps:
                  - run: test "$WORD" = hunter2-hunter2; echo "<$WORD>"; cat "$KEY"
                    secrets: { WORD: { from: word }, KEY: { from: key, as: file } }
                """
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(pipeline, from: repository)
                #expect(build.result == "failure")
                #expect(
                    build.jobs.elements[0].reason.string?.contains("no secret key for shop") == true
                )
                let file = try scratch.write("# mine\nkey=\"line one\\nline two\"\n", to: "s.env")
                let local = try await slipwayRun(
                    ["--secret", "word", "--secret-file", file.path],
                    in: repository,
                    scratch,
                    environment: ["WORD": "hunter2-hunter2"]
                )
                #expect(local.exitCode == 0, "\(local.text) \(local.errors)")
                #expect(local.text.contains("<***************>"))
                #expect(local.text.contains("********\n********"))
                let missing = try await slipwayRun([], in: repository, scratch)
                #expect(missing.exitCode == 1)
                #expect(missing.text.contains("--secret key"), "\(missing.text)")
            }
        }
    }
}

private func results(_ jobs: [JSON]) -> [String: String] {
    var results: [String: String] = [:]
    for job in jobs { results[job.name.string ?? ""] = job.result.string }
    return results
}

/// `slipway run` in a person's checkout, with its caches in a scratch folder.
func slipwayRun(
    _ arguments: [String],
    in repository: SampleRepository,
    _ scratch: Scratch,
    environment: [String: String] = [:]
) async throws -> Command {
    let home = ["HOME": scratch.path(), "XDG_CACHE_HOME": scratch.path("cache")]
    return try await Command.run(
        try Server.executable(),
        ["run"] + arguments,
        in: repository.work,
        environment: home.merging(environment) { $1 }
    )
}
