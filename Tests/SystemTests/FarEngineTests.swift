import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// Jobs on an engine that does not see the worker's files, as any remote one.
    @Suite(.serialized) struct FarEngineTests {
        private static let pipeline = """
            on: { push: {} }
            defaults: { image: "busybox:1" }
            env: { SHARED: "it's $shared" }
            jobs:
              make:
                services:
                  web:
                    image: ./containers/web
                    env: { GREETING: ahoy }
                    health: { run: "wget -qO- http://localhost/", interval: 1s, timeout: 30s }
                cache: [{ key: "kept-${{ hash('hello.txt') }}", paths: [kept] }]
                steps:
                  - run: |
                      cat hello.txt; echo "$SHARED"; wget -qO- http://web/; wget -qO- http://web/source
                      mkdir -p kept dist/deep; date >>kept/dates; wc -l <kept/dates
                      echo "colour=red" >>$CI_OUTPUT; echo "SET=by a step" >>$CI_ENV
                      echo "# Made" >>$CI_SUMMARY; ln -s ../../out dist/link || true
                  - image: debian:bookworm-slim
                    run: |
                      set -e
                      cat /etc/debian_version | cut -c1-3; echo "$SET"; grep -c '"make"' "$CI_CONTEXT"
                      test -d .git; rm dist/link; printf 'deep\\n' >dist/deep/file
                      cp hello.txt dist/; chmod +x dist/hello.txt; ln -s deep/file dist/link
                  - run: head -c 3000000 /dev/zero; printf '\\377\\000\\r\\n end'
                  - run: '[ -e tried ] && exit 0; echo first; touch tried; exit 75'
                    retry: { max: 1, on: [75] }
                  - run: sleep 100
                    timeout: 1s
                    allow_failure: true
                  - run: 'test -n "$HASHED"'
                    if: hash('dist/**') != ''
                    env: { HASHED: "${{ hash('dist/**') }}" }
                artifacts: [{ name: app, paths: [dist] }]
              take:
                needs: [make]
                env: { COLOUR: "${{ needs.make.outputs.colour }}" }
                steps:
                  - run: mkdir -p got/dist; echo mine >got/dist/mine
                  - download: { job: make, artifact: app, to: got }
                  - run: cd got/dist; cat deep/file link mine hello.txt; test -x hello.txt; echo $COLOUR
                  - publish: { from: got, version: "1.0.${{ build }}" }
            """

        private static let files = [
            "hello.txt": "ahoy there\n", "out": "x\n",
            "containers/web/Dockerfile": """
            FROM busybox:1
            CMD ["sh", "-c", "mkdir /www; cp /workspace/hello.txt /www/source; echo $GREETING >/www/index.html; httpd -f -h /www"]

            """,
        ]

        @Test(.timeLimit(.minutes(4)))
        func `a job is the same on an engine that does not see the worker's files`() async throws {
            try await withFarWorker { engine, master, worker, repository in
                let build = try await master.run(
                    Self.pipeline,
                    files: Self.files,
                    from: repository,
                    within: .seconds(60)
                )
                #expect(build.result == "warnings", "\(build)")
                let make = build.job("make")
                let log = {
                    try await String(decoding: master.log(of: $0, step: $1), as: UTF8.self)
                }
                #expect(try await log(make, 1) == "ahoy there\nit's $shared\nahoy\nahoy there\n1\n")
                #expect(try await log(make, 2) == "12.\nby a step\n1\n")
                let zeroes =
                    Data(count: 3_000_000) + Data([0xFF, 0, 0x0D, 0x0A]) + Data(" end".utf8)
                let isWhole = try await master.log(of: make, step: 3) == zeroes
                #expect(isWhole)
                #expect(
                    try await log(make, 4).hasPrefix("first\n--- try 1 ended with exit code 75")
                )
                #expect(make.steps[4].result == "success")
                #expect(make.steps[5].result == "warnings")
                #expect(
                    try await log(build.job("take"), 3)
                        == "deep\ndeep\nmine\nahoy there\nred\n"
                )
                #expect(
                    worker.log.components(separatedBy: "does not see this machine's").count == 2
                )
                let again = try await master.run(
                    Self.pipeline,
                    files: ["other.txt": "x"],
                    from: repository,
                    within: .seconds(60)
                )
                #expect(again.result == "warnings", "\(again)")
                #expect(try await log(again.job("make"), 1).hasSuffix("\n2\n"))
                let releases = try await master.api.json("/cs/v1/releases/shop").items.elements
                #expect(releases.count == 2)
                try await Self.leavesNothing(worker, on: engine)
            }
        }

        @Test(.timeLimit(.minutes(3)))
        func `a killed worker goes on with the step that runs there`() async throws {
            try await withFarWorker { engine, master, worker, repository in
                let sha = try await repository.push([
                    "pipelines/main.yml": """
                    image: busybox:1
                    on: { push: {} }
                    steps:
                      - run: |
                          echo ran >>ledger; i=0
                          while [ $i -lt 4000 ]; do
                              echo "line $i of the step"; i=$((i + 1))
                              [ $((i % 100)) != 0 ] || sleep 0.1
                          done
                      - run: cat ledger
                    """
                ])
                for lines in [10, 1_000, 2_000] {
                    try await eventually("\(lines) lines came") {
                        guard let build = try await master.build(of: sha) else { return false }
                        let log = try await master.log(of: build.job("main"), step: 1)
                        return log.count > lines * 20
                    }
                    try await worker.kill9()
                    try worker.start()
                }
                let build = try await master.finishedBuild(of: sha)
                #expect(build.result == "success", "\(build)")
                let expected = (0..<4_000).map { "line \($0) of the step\n" }.joined()
                let isWhole =
                    try await master.log(of: build.job("main"), step: 1)
                    == Data(expected.utf8)
                #expect(isWhole)
                #expect(try await master.log(of: build.job("main"), step: 2) == Data("ran\n".utf8))
                try await Self.leavesNothing(worker, on: engine)
            }
        }

        @Test(.timeLimit(.minutes(3)))
        func `a cancelled job there ends soon, with all that it wrote`() async throws {
            try await withFarWorker { engine, master, worker, repository in
                let sha = try await repository.push([
                    "pipelines/main.yml": """
                    image: busybox:1
                    on: { push: {} }
                    steps:
                      - run: echo begun; trap 'echo ended; exit 1' TERM; sleep 300 & wait
                      - { run: echo tidy, if: always() }
                    """
                ])
                let id = try await eventually("the step has begun") { () -> Int? in
                    guard let build = try await master.build(of: sha) else { return nil }
                    let log = try await master.log(of: build.job("main"), step: 1)
                    return log == Data("begun\n".utf8) ? build.id.int : nil
                }
                _ = try await master.api.post("/api/v1/builds/\(id)/cancellation", [:])
                let build = try await master.finishedBuild(of: sha)
                #expect(build.result == "cancelled", "\(build)")
                let main = build.job("main")
                #expect(try await master.log(of: main, step: 1) == Data("begun\nended\n".utf8))
                #expect(try await master.log(of: main, step: 2) == Data("tidy\n".utf8))
                try await Self.leavesNothing(worker, on: engine)
            }
        }

        @Test(.timeLimit(.minutes(3)))
        func `slipway run there gives secrets and shows none`() async throws {
            try await withFarEngine { engine, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await repository.commit([
                    "pipelines/main.yml": """
                    image: busybox:1
                    steps:
                      - run: |
                          test "${#WORD}" = 11; test "$(wc -c <"$FILE")" = 11
                          echo "it is $WORD"; echo "$FILE"
                          test -z "$(find /run/ci /workspace -type f ! -name '*.out' -exec grep -l 'sesam[e]' {} +)"
                        secrets: { WORD: { from: word }, FILE: { from: word, as: file } }
                    """
                ])
                let local = try await Command.run(
                    try Server.executable(),
                    ["run", "--secret", "word"],
                    in: repository.work,
                    environment: engine.environment.merging([
                        "HOME": scratch.path(), "XDG_CACHE_HOME": scratch.path("cache"),
                        "WORD": "open sesame",
                    ]) { $1 }
                )
                #expect(local.exitCode == 0, "\(local.text) \(local.errors)")
                #expect(local.text.contains("it is ***********"))
                #expect(!local.text.contains("sesame"))
                let doctor = try await Command.run(
                    try Server.executable(),
                    ["doctor"],
                    environment: engine.environment.merging([
                        "HOME": scratch.path(), "XDG_STATE_HOME": scratch.path("state"),
                    ]) { $1 }
                )
                #expect(doctor.text.contains("but does not see this machine's files"))
                #expect(try await engine.leftovers() == [])
            }
        }

        /// Once its jobs are over a worker that is stopped leaves nothing in its engine.
        private static func leavesNothing(_ worker: Server, on engine: FarEngine) async throws {
            let berths = worker.data.appendingPathComponent("jobs/berths")
            try await eventually("every job is released") {
                try FileManager.default.contentsOfDirectory(atPath: berths.path).allSatisfy {
                    let job = berths.appendingPathComponent("\($0)/job.json")
                    return !FileManager.default.fileExists(atPath: job.path)
                }
            }
            try await worker.stop()
            #expect(try await engine.leftovers() == [])
        }
    }
}
