import Foundation
import TestSupport
import Testing

extension SystemTests.SameResultTests {
    /// What the steps are told, and what they tell each other.
    static let telling = [
        Construct(
            testDescription: "variables of every level, and files that steps write",
            pipeline: """
                env: { A: pipeline, B: pipeline, C: pipeline }
                defaults: { image: "busybox:1", shell: sh -eu }
                jobs:
                  tell:
                    env: { B: job, C: job, D: "${{ pipeline }} ${{ branch }} ${{ event }}" }
                    steps:
                      - env: { C: step, E: "${{ env.A }}" }
                        if: env.A == 'pipeline' && env.B == 'job' && env.D =~ 'main *'
                        run:
                          - test "$A $B $C $D" = "pipeline job step main main push"
                          - test "$E" = pipeline
                          - test "$CI $CI_JOB_NAME $CI_COMMIT_BRANCH" = "true tell main"
                          - test "$CI_WORKSPACE $PWD" = "/workspace /workspace"
                          - test "$SOURCE_DATE_EPOCH" -gt 1000000000
                      - name: files
                        run: |
                          test "$CI_STEP_NAME" = files
                          echo F=one >>$CI_ENV
                          printf 'G<<END\\na\\nb\\nEND\\n' >>$GITHUB_ENV
                          echo out=put >>$CI_OUTPUT
                          echo more=there >>$GITHUB_OUTPUT
                          echo "# done" >>$CI_SUMMARY
                          echo kept >file
                      - run: test "$F" = one && test "$G" = "$(printf 'a\\nb')" && test -f file
                        if: env.F == 'one' && !(env.G == 'x')
                      - { run: "false", if: "failure() || cancelled()" }
                      - { run: 'test "$1" = x', shell: sh -e, if: "false" }
                  hear:
                    needs: [tell]
                    if: needs.tell.result == 'success' && needs.tell.outputs.out in ['put', 'x']
                    env: { O: "${{ needs.tell.outputs.out }}/${{ needs.tell.outputs.more }}" }
                    steps: [{ run: test "$O" = put/there }]
                  not: { needs: [tell], if: "needs.tell.outputs.out != 'put'", steps: [{ run: "false" }] }
                """,
            results: ["tell": "success", "hear": "success", "not": "skipped"]
        ),
        Construct(
            testDescription: "expressions",
            pipeline: """
                defaults: { image: "busybox:1" }
                jobs:
                  yes:
                    if: >-
                      branch =~ 'ma*' && startsWith(ref, 'refs/heads/') && endsWith(branch, 'in')
                      && contains(message, 'something') && sha != short_sha && 2 >= 1 && 1 < 2
                      && default_branch == 'main' && author == 'Ada Lovelace' && !(tag =~ 'v*')
                      && always() && success()
                    steps: [{ run: "false", if: "hash('hello.txt') == ''" }, { run: "true" }]
                  no: { if: "event == 'tag' || tag != '' || failure()", steps: [{ run: "false" }] }
                """,
            files: ["hello.txt": "x\n"],
            results: ["yes": "success", "no": "skipped"]
        ),
        Construct(
            testDescription: "a matrix with include, exclude and what may fail",
            pipeline: """
                defaults: { image: "busybox:1" }
                jobs:
                  test:
                    matrix:
                      v: ["1.0", "1.10"]
                      os: [a, b]
                      include: [{ v: "2", os: c, allow_failure: true }, { v: "1.0", os: a, extra: x }]
                      exclude: [{ v: "1.10", os: b }]
                      fail_fast: false
                    resources: { cpu: 1, memory: 64MiB }
                    on_lost: retry
                    steps:
                      - run: test "$V" != 2; test "$V$OS" != 1.0b; echo "v=$V$OS" >>$CI_OUTPUT
                        env: { V: "${{ matrix.v }}", OS: "${{ matrix.os }}" }
                """,
            results: [
                "test (v=1.0, os=a, extra=x)": "success", "test (v=1.0, os=b)": "failure",
                "test (v=1.10, os=a)": "success", "test (v=2, os=c)": "warnings",
            ]
        ),
        Construct(
            testDescription: "a used file with inputs, a matrix and jobs of its own",
            pipeline: """
                defaults: { image: "busybox:1" }
                jobs:
                  lib:
                    uses: ./pipelines/lib/two.yml
                    with: { word: "it's", count: 3, loud: true }
                  last:
                    needs: [lib]
                    steps: [{ run: "true" }]
                """,
            files: [
                "pipelines/lib/two.yml": """
                inputs:
                  word: { required: true }
                  count: { type: number, default: 1 }
                  loud: { type: boolean }
                  kind: { type: choice, options: [a, b], default: b }
                defaults: { image: "busybox:1" }
                jobs:
                  first:
                    matrix: { n: ["1", "2"] }
                    env: { W: "${{ inputs.word }} ${{ inputs.count }} ${{ inputs.loud }} ${{ inputs.kind }}" }
                    steps: [{ run: test "$W" = "it's 3 true b" }]
                  second: { needs: [first], steps: [{ run: "true" }] }

                """
            ],
            results: [
                "lib / first (n=1)": "success", "lib / first (n=2)": "success",
                "lib / second": "success", "last": "success",
            ]
        ),
    ]

    /// How steps and jobs end, and what they keep from each other.
    static let ending = [
        Construct(
            testDescription: "retries by cause and code, limits of time, and exit codes",
            pipeline: """
                defaults: { image: "busybox:1", timeout: 2m, idle_timeout: 60s }
                jobs:
                  by-time:
                    steps:
                      - run: "echo x >>n; test $(wc -l <n) = 2 || sleep 60"
                        timeout: 2s
                        retry: { max: 1, on: [timeout] }
                  by-silence:
                    steps:
                      - run: "echo x >>n; test $(wc -l <n) = 2 || sleep 60"
                        idle_timeout: 2s
                        retry: { max: 1, on: [timeout] }
                  by-failure:
                    steps: [{ run: "echo x >>n; test $(wc -l <n) = 3", retry: { max: 2, on: [failure] } }]
                  by-any: { steps: [{ run: "echo x >>n; test $(wc -l <n) = 2", retry: { max: 1 } }] }
                  other-code:
                    steps: [{ run: "echo x >>n; test $(wc -l <n) = 2", retry: { max: 1, on: [75] } }]
                  spent: { steps: [{ run: exit 75, retry: { max: 1, on: [75] } }] }
                  late:
                    timeout: 3s
                    steps: [{ run: sleep 60 }, { run: touch x }, { run: test ! -e x, if: always() }]
                  codes:
                    steps:
                      - { run: exit 3, exit_codes: { 3: warnings } }
                      - { run: exit 77, exit_codes: { 77: skipped } }
                      - { run: exit 5, allow_failure: [5, 6] }
                  hard: { steps: [{ run: exit 7, allow_failure: [5, 6] }] }
                  soft: { allow_failure: true, steps: [{ run: "false" }] }
                """,
            results: [
                "by-time": "success", "by-silence": "success", "by-failure": "success",
                "by-any": "success", "other-code": "failure", "spent": "failure",
                "late": "failure", "codes": "warnings", "hard": "failure", "soft": "warnings",
            ]
        ),
        Construct(
            testDescription: "locks, a channel's job, groups, priorities and notices",
            pipeline: """
                on: { push: { branches: [main] }, manual: {} }
                collapse: true
                priority: 5
                concurrency: { group: "${{ pipeline }}-${{ ref }}", limit: 2, on_new: queue }
                defaults: { image: "busybox:1" }
                jobs:
                  one: { steps: [{ run: "true", locks: [{ name: licence }] }] }
                  two:
                    steps:
                      - { run: "true", locks: [{ name: licence, mode: counting, count: 1 }] }
                      - { run: "true", locks: [{ name: own, mode: exclusive, scope: worker }] }
                  ship:
                    needs: [one, two]
                    channel: staging
                    steps: [{ run: "true" }]
                on_result:
                  - { if: changed(), mail: blamelist }
                  - { if: failure(), webhook: chat }
                """,
            results: ["one": "success", "two": "success", "ship": "success"]
        ),
        Construct(
            testDescription: "artifacts of green and red jobs, reports and releases",
            pipeline: """
                defaults: { image: "busybox:1" }
                jobs:
                  make:
                    steps: [{ run: "mkdir -p out/deep; echo 1 >out/deep/a; echo 2 >out/b; echo '<testsuite/>' >j.xml" }]
                    reports: { junit: ["**/j.xml"] }
                    artifacts:
                      - { name: app, paths: [out/**], expire_in: 30d, when: success }
                      - { name: log, paths: [out/b], when: always }
                  red:
                    steps: [{ run: echo why >core; exit 1 }]
                    artifacts: [{ name: core, paths: [core], when: failure }]
                  take:
                    needs: [make]
                    checkout: false
                    steps:
                      - download: { job: make, artifact: app, to: got/ }
                      - download: { job: make, artifact: log }
                      - run: test "$(cat got/out/deep/a got/out/b out/b | tr -d '\\n')" = 122
                  ship:
                    needs: [make]
                    env: { V: "1.0" }
                    steps:
                      - download: { job: make, artifact: app }
                      - publish: { unit: goods, from: out, version: "${{ env.V }}.${{ short_sha }}", channel: dev }
                      - promote: { unit: goods, to: staging }
                  none: { steps: [{ run: "true" }], artifacts: [{ name: x, paths: [nothing/**] }] }
                """,
            results: [
                "make": "success", "red": "failure", "take": "success", "ship": "success",
                "none": "failure",
            ]
        ),
        Construct(
            testDescription: "a service that is never healthy",
            pipeline: """
                defaults: { image: "busybox:1" }
                jobs:
                  sick:
                    services:
                      db: { image: "busybox:1", health: { run: "false", interval: 1s, timeout: 3s } }
                    steps: [{ run: "true" }]
                """,
            results: ["sick": "failure"]
        ),
        Construct(
            testDescription: "labels, and what has changed where nobody knows: anything",
            pipeline: """
                quiet: 1s
                defaults: { image: "busybox:1" }
                jobs:
                  here: { labels: [docker], steps: [{ run: "true" }] }
                  touched: { if: "changed_files =~ 'docs/**'", steps: [{ run: "true" }] }
                  untouched: { if: "changed_files =~ 'src/**'", steps: [{ run: "true" }] }
                  held: { if: "!(changed_files =~ 'src/**')", steps: [{ run: "false" }] }
                """,
            files: ["docs/NEWS.md": "# News\n"],
            results: [
                "here": "success", "touched": "success", "untouched": "success", "held": "skipped",
            ]
        ),
        Construct(
            testDescription: "what was not there",
            pipeline: """
                defaults: { image: "busybox:1" }
                jobs:
                  image: { steps: [{ image: ./containers/none, run: "true" }] }
                  broken: { steps: [{ image: ./containers/broken, run: "true" }] }
                  after: { needs: [image], steps: [{ run: "true" }] }
                  anyway: { needs: [image], if: always(), steps: [{ run: "true" }] }
                """,
            files: ["containers/broken/Dockerfile": "FROM busybox:1\nRUN exit 3\n"],
            results: [
                "image": "failure", "broken": "failure", "after": "skipped", "anyway": "success",
            ]
        ),
    ]

    @Test func `behind an open gate a job goes on alike on a server and on a laptop`() async throws
    {
        let pipeline = """
            defaults: { image: "busybox:1" }
            jobs:
              ship:
                steps:
                  - run: |
                      echo before=1 >>$CI_OUTPUT; echo B=1 >>$CI_ENV
                      echo "said before" >>$CI_SUMMARY; touch left-here
                  - gate: { name: go-live, min: 1, timeout: 1h }
                  - run: |
                      test "$B" = 1
                      echo "said behind" >>$CI_SUMMARY
                      test ! -e left-here
                  - { if: always(), run: "true" }
              after: { needs: [ship], steps: [{ run: "true" }] }
            """
        try await withServer { server, scratch in
            let repository = try await SampleRepository(in: scratch)
            try await server.add(repository)
            let sha = try await repository.push(["pipelines/main.yml": pipeline])
            try await eventually("the gate was opened") {
                guard let id = try await server.build(of: sha)?.id.int else { return false }
                return try await server.slipway("gate", "open", "\(id)", "go-live").exitCode == 0
            }
            let build = try await server.finishedBuild(of: sha)
            #expect(build.result == "success", "\(build.jobs)")
            let page = try await server.api.get("/builds/\(build.id)").text
            #expect(page.contains("said before") && page.contains("said behind"))
            let open = try await slipwayRun(["--open-gates"], in: repository, scratch)
            #expect(open.exitCode == 0, "\(open.text)")
            #expect(open.text.contains("said before") && open.text.contains("said behind"))
            let shut = try await slipwayRun([], in: repository, scratch)
            #expect(shut.exitCode == 1, "\(shut.text)")
        }
    }
}
