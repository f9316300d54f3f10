import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// Secrets, from `slipway secret set` to the stars in a log, with the whole machine searched.
    @Suite struct SecretTests {
        private static let count = 50

        /// A step that has all of them and waits, one that writes them down in every way, and one
        /// that has none and counts.
        private static func pipeline(_ canaries: Canaries) -> String {
            let asked = canaries.values.enumerated().map { index, pair in
                let form = index % 2 == 0 ? "file" : "env"
                return "      S\(index): { from: \(pair.name), as: \(form) }"
            }.joined(separator: "\n")
            return """
                image: busybox:1
                timeout: 2m
                steps:
                  - name: wait
                    run: echo waiting; while [ ! -e go ]; do sleep 0.1; done
                    secrets:
                \(asked)
                  - name: tell
                    run: |
                      n=0; while [ $n -lt \(canaries.values.count) ]; do
                        eval "s=\\$S$n"; [ ! -e "$s" ] || s=$(cat "$s")
                        echo "<$s>"; printf %s "$s" | base64; printf 'user:%s' "$s" | base64 -w 0; echo
                        printf %s "$s" | hexdump -v -e '1/1 "%02x"'; echo
                        n=$((n + 1))
                      done >all.txt
                      cat all.txt; wc -c <all.txt >bytes.txt; rm all.txt
                      echo "word=$S1" >>$CI_OUTPUT; cat $S0 >>$CI_SUMMARY
                    secrets:
                \(asked)
                  - name: count
                    run: cat bytes.txt; env | grep -c canary || true; cat /dev/shm/* | wc -c
                """
        }

        @Test(.timeLimit(.minutes(4)))
        func `fifty secrets are nowhere but in their steps, on a server and on a laptop`()
            async throws
        {
            try await withServer { server, scratch in
                let canaries = try Canaries(Self.count, in: scratch)
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                try await canaries.set(on: server)
                let pipeline = Self.pipeline(canaries)
                let sha = try await repository.push(["pipelines/main.yml": pipeline])
                try await eventually("the first step runs", within: .seconds(60)) {
                    let build = try await server.build(of: sha)
                    try #require(build?.state != "finished", "\(build ?? .null)")
                    let log = try await server.log(of: build?.jobs[0] ?? .null, step: 1)
                    return log == Data("waiting\n".utf8)
                }
                // The search finds what is there to be found.
                let known = canaries.patterns.deletingLastPathComponent().path
                #expect(try await canaries.found(below: [known]) == [canaries.patterns.path])
                #expect(try await canaries.found(below: [server.data.path]) == [])
                #expect(try await canaries.processes() == [])
                #expect(try await !canaries.areInEngine())
                try await Self.letGo(server)
                let build = try await server.finishedBuild(of: sha)
                #expect(build.result == "success", "\(build.jobs) \(server.log.suffix(500))")
                try await Self.isHidden(build, canaries, on: server)
                try await server.leavesNoContainer()
                try await eventually("no file has any of them") {
                    try await canaries.found(below: [server.data.path]) == []
                }
                #expect(try canaries.isIn(Data(server.log.utf8)) == false)
                try await Self.isTheSameHere(canaries, server, repository, scratch)
            }
        }

        private static func isHidden(
            _ build: JSON,
            _ canaries: Canaries,
            on server: Server
        ) async throws {
            let job = build.jobs[0]
            let log = try await server.log(of: job, step: 2)
            let counted = try await server.log(of: job, step: 3)
            let lines = String(decoding: counted, as: UTF8.self).split(separator: "\n")
            #expect(lines == ["\(log.count)", "0", "0"])
            #expect(log.count { $0 == UInt8(ascii: "<") } == count)
            let id = build.id.int ?? 0
            var answers = [log]
            for path in [
                "/api/v1/builds/\(id)", "/api/v1/jobs/\(job.id.int ?? 0)", "/api/v1/secrets",
                "/api/v1/secret-deeds?limit=1000", "/api/v1/repositories/shop/secrets",
                "/builds/\(id)", "/jobs/\(job.id.int ?? 0)", "/repositories/shop", "/metrics",
            ] {
                let answer = try await server.api.get(path)
                #expect(answer.status == 200, "\(path)")
                answers.append(answer.body)
            }
            for answer in answers {
                let isThere = try canaries.isIn(answer)
                #expect(!isThere, "\(String(decoding: answer.prefix(2_000), as: UTF8.self))")
            }
            let deeds = try await server.api.json("/api/v1/secret-deeds?limit=1000").items.elements
            #expect(deeds.count { $0.kind == "given" && $0.build == build.id } == count)
            let used = try await server.api.json("/api/v1/secrets").items.elements
            #expect(used.allSatisfy { $0.last_used_build == build.id } && used.count == count)
        }

        private static func isTheSameHere(
            _ canaries: Canaries,
            _ server: Server,
            _ repository: SampleRepository,
            _ scratch: Scratch
        ) async throws {
            let lines = canaries.values.map { pair in
                "\(pair.name)=\"\(pair.value.replacing("\n", with: "\\n"))\"\n"
            }
            let file = try scratch.write(lines.joined(), to: "secrets.env")
            // Nobody waits for this one.
            try Data().write(to: repository.work.appendingPathComponent("go"))
            let run = try await Command.run(
                try Server.executable(),
                ["run", "--secret-file", file.path],
                in: repository.work,
                environment: ["HOME": scratch.path(), "XDG_CACHE_HOME": scratch.path("cache")]
            )
            #expect(run.exitCode == 0, "\(run.text.suffix(2_000)) \(run.errors)")
            #expect(try !canaries.isIn(run.output) && !canaries.isIn(Data(run.errors.utf8)))
            let build = try await server.builds()[0].id.int ?? 0
            let job = try await server.api.json("/api/v1/builds/\(build)").jobs[0]
            let log = String(decoding: try await server.log(of: job, step: 2), as: UTF8.self)
            #expect(run.text.contains(log.trimmingCharacters(in: .whitespacesAndNewlines)))
            try FileManager.default.removeItem(at: file)
        }

        @Test(.timeLimit(.minutes(2)))
        func `a killed worker goes on with the same step and hides what the step was given`()
            async throws
        {
            try await withServer(.master) { master, scratch in
                let token = try await master.api.post(
                    "/api/v1/tokens",
                    ["name": "w1", "kind": "worker"]
                )
                let file = try scratch.write(token.json.token.string ?? "", to: "worker-token")
                let worker = try Server(
                    .worker(of: master.address, name: "w1", tokenFile: file.path),
                    in: scratch
                )
                do {
                    try await Self.killInTheMiddle(of: master, worker, in: scratch)
                    await worker.end()
                } catch {
                    print("the worker's last words:\n\(worker.log.suffix(4_000))")
                    await worker.end()
                    throw error
                }
            }
        }

        private static func killInTheMiddle(
            of master: Server,
            _ worker: Server,
            in scratch: Scratch
        ) async throws {
            let repository = try await SampleRepository(in: scratch)
            try await master.add(repository)
            let old = "first-value-\(UUID())"
            let path = "/api/v1/secrets/word"
            #expect(try await master.api.put(path, ["value": .string(old)]).status == 201)
            let sha = try await repository.push([
                "pipelines/main.yml": """
                image: busybox:1
                steps:
                  - run: |
                      echo "before <$WORD>"; while [ ! -e go ]; do sleep 0.1; done
                      echo "after <$WORD>"
                    secrets: { WORD: { from: word } }
                """
            ])
            let stars = String(repeating: "*", count: old.utf8.count)
            try await eventually("the step has begun", within: .seconds(60)) {
                let job = try await master.build(of: sha)?.jobs[0] ?? .null
                return try await master.log(of: job, step: 1) == Data("before <\(stars)>\n".utf8)
            }
            try await worker.kill9()
            // Whoever sets it now does not mean the step that runs.
            #expect(try await master.api.put(path, ["value": "another-value"]).status == 200)
            try await letGo(worker)
            try worker.start()
            let build = try await master.finishedBuild(of: sha)
            #expect(build.result == "success", "\(build.jobs)")
            #expect(build.jobs[0].attempt == 1)
            let log = try await master.log(of: build.jobs[0], step: 1)
            #expect(
                String(decoding: log, as: UTF8.self) == "before <\(stars)>\nafter <\(stars)>\n"
            )
            let kinds = try await master.api.json("/api/v1/secret-deeds").items.elements.map(\.kind)
            #expect(kinds == ["set", "given", "set"])
        }

        @Test(.timeLimit(.minutes(3)))
        func `a server that is killed while it rewraps loses no secret`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let filler = String(repeating: "x", count: 40_000)
                for number in 0..<120 {
                    let answer = try await server.api.put(
                        "/api/v1/secrets/s\(number)",
                        ["value": .string("\(number) \(filler)")]
                    )
                    #expect(answer.status == 201)
                }
                for _ in 0..<6 {
                    let api = server.api
                    async let rewrap = api.post("/api/v1/secret-keys")
                    try await randomMoment(in: 1...60)
                    try await server.kill9()
                    _ = try? await rewrap
                    try server.start()
                    try await server.ready()
                }
                let keys = server.data.appendingPathComponent("secret-key")
                let left = try String(contentsOf: keys, encoding: .utf8).split(separator: "\n")
                let done = try await server.api.post("/api/v1/secret-keys")
                #expect(done.status == 201 && done.json.secrets == 120, "\(left.count) keys")
                #expect(
                    try String(contentsOf: keys, encoding: .utf8).split(separator: "\n").count == 1
                )
                let build = try await server.run(
                    """
                    image: busybox:1
                    steps:
                      - run: test "${#A} ${A%% *}" = "40002 0"
                        secrets: { A: { from: s0 } }
                      - run: test "${#B} ${B%% *}" = "40004 119"
                        secrets: { B: { from: s119 } }
                    """,
                    from: repository
                )
                #expect(build.result == "success", "\(build.jobs)")
            }
        }

        @Test
        func `a build that may not have a secret ends before its first step, with the reason`()
            async throws
        {
            let pipeline = """
                on: { push: {}, manual: {} }
                image: busybox:1
                steps: [{ run: "echo never", secrets: { KEY: { from: deploy_key } } }]
                """
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let set = try await server.slipway(
                    "secret",
                    "set",
                    "deploy_key",
                    "--branch",
                    "main",
                    "--from-file",
                    try scratch.write("hunter2-hunter2\n", to: "key").path
                )
                #expect(set.text == "deploy_key is kept, for every repository; branch main")
                let sha = try await repository.push(
                    ["pipelines/main.yml": pipeline],
                    to: "feature"
                )
                let build = try await server.finishedBuild(of: sha)
                let why =
                    "the secret deploy_key is only for branch main; "
                    + "this build is of refs/heads/feature"
                #expect(build.result == "failure")
                #expect(build.jobs[0].reason.string == "setup: \(why)")
                #expect(build.jobs[0].steps[1].result == "skipped")
                let setup = try await server.log(of: build.jobs[0], step: 0)
                #expect(String(decoding: setup, as: UTF8.self).contains(why))
                let page = try await server.api.get("/builds/\(build.id.int ?? 0)").text
                #expect(page.contains(why))
                let tried = try await server.slipway(["try", "--wait"], in: repository.work)
                #expect(tried.exitCode == 1)
                #expect(tried.text.contains("deploy_key is not for tries"), "\(tried.text)")
                let log = try await server.slipway("secret", "log")
                #expect(log.text.contains("refused") && log.text.contains(why), "\(log.text)")
                let list = try await server.slipway("secret", "list")
                #expect(list.text.contains("every repository; branch main"), "\(list.text)")
                #expect(try await server.slipway("secret", "rewrap").text.hasPrefix("1 secret is"))
                #expect(try await server.slipway("secret", "remove", "deploy_key").exitCode == 0)
                #expect(try await server.slipway("secret", "list").errors == "no secrets\n")
            }
        }

        /// Lets the step that waits go on.
        private static func letGo(_ server: Server) async throws {
            for folder in ["worker/jobs", "jobs"] {
                let berths = server.data.appendingPathComponent("\(folder)/berths")
                let names =
                    (try? FileManager.default.contentsOfDirectory(atPath: berths.path)) ?? []
                for name in names {
                    let berth = berths.appendingPathComponent(name)
                    let job = berth.appendingPathComponent("job.json").path
                    guard FileManager.default.fileExists(atPath: job) else { continue }
                    try Data().write(to: berth.appendingPathComponent("workspace/go"))
                }
            }
        }
    }
}
