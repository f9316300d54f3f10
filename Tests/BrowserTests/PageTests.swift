import Foundation
import TestSupport
import Testing

/// The pages in a real Chromium, driven by Playwright.
@Suite(.serialized) struct PageTests {
    private static let pipeline = """
        defaults: { image: "busybox:1" }
        jobs:
          test:
            steps:
              - run: |
                  printf '\\033[32mgreen\\033[0m <b>not bold</b>\\n'
                  mkdir dist && echo ahoy > dist/hello.txt
            artifacts: [{ name: dist, paths: [dist] }]
          ship:
            needs: [test]
            steps:
              - download: { job: test, artifact: dist, to: out }
              - publish: { from: out/dist, version: "1.0.${{ build }}" }
          check:
            allow_failure: true
            steps:
              - name: complain
                run: echo "it is not good" && exit 1
        """

    @Test(.timeLimit(.minutes(4)))
    func `every page is whole in light and dark, wide, on a phone and without scripts`()
        async throws
    {
        try await withServer { server, scratch in
            let build = try await Self.build(on: server, in: scratch)
            let job = build.jobs.named("test").id.int ?? 0
            // So that the page of the queue has something of each kind to show.
            try await server.slipway("queue", "pause", "gpu", "--reason", "it is being moved")
                .orThrow()
            try await server.slipway("build", "start", "shop", "--in", "2h").orThrow()
            let folder =
                ProcessInfo.processInfo.environment["SLIPWAY_SCREENSHOTS"]
                ?? scratch.path("screenshots")
            try await Self.look(
                "pages",
                server.url,
                server.adminToken ?? "",
                folder,
                "/",
                "/repositories/shop",
                "/builds/\(build.id.int ?? 0)",
                "/jobs/\(job)",
                "/queue",
                "/workers",
                "/units/shop",
                "/login"
            )
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `an open page follows its build without a reload`() async throws {
        try await withServer { server, scratch in
            try await withLedger { ledger in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                try await repository.push([
                    "pipelines/main.yml": "image: busybox:1\nsteps: [{ run: sh say.sh }]\n",
                    "say.sh": "echo first\n\(ledger.wait("for the page"))\necho the-end-of-it\n",
                ])
                let job = try await eventually("its step speaks") {
                    let build = try await Self.newestBuild(on: server)
                    return ledger.lines.isEmpty ? nil : build.jobs[0]
                }
                async let isFollowed: Void = Self.look(
                    "live",
                    server.url,
                    server.adminToken ?? "",
                    "/jobs/\(job.id.int ?? 0)",
                    "the-end-of-it",
                    "\(ledger.port)"
                )
                try await eventually("the page is open") { ledger.lines.contains("open") }
                ledger.open()
                try await isFollowed
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `the page of a long log opens and scrolls to its end`() async throws {
        try await withServer { server, scratch in
            let repository = try await SampleRepository(in: scratch)
            try await server.add(repository)
            let flood = "head -c 10485760 /dev/zero | tr '\\0' x; echo; seq 1 1500000"
            try await repository.push([
                "pipelines/main.yml": "image: busybox:1\nsteps: [{ run: sh say.sh }]\n",
                "say.sh": "\(flood)\nprintf 'bad \\377 bytes\\rover\\n'\necho the-end-of-it\n",
            ])
            let build = try await Self.finishedBuild(on: server)
            try await Self.look(
                "scroll",
                server.url,
                server.adminToken ?? "",
                "/jobs/\(build.jobs[0].id.int ?? 0)",
                "the-end-of-it"
            )
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `the link of the first start signs in, once`() async throws {
        try await withServer { server, _ in
            let pattern = #/http://\S+/login\S*/#
            let link = try await eventually("it prints the link") {
                server.log.firstMatch(of: pattern).map { String($0.0) }
            }
            try await Self.look("sign-in", server.url, link)
        }
    }

    // MARK: What they share

    private static func build(on server: Server, in scratch: Scratch) async throws -> JSON {
        let repository = try await SampleRepository(in: scratch)
        try await server.add(repository)
        try await repository.push(["pipelines/main.yml": pipeline], message: "Say <ahoy>")
        return try await finishedBuild(on: server)
    }

    private static func finishedBuild(on server: Server) async throws -> JSON {
        try await eventually("the build ends", within: .seconds(90)) {
            let build = try await newestBuild(on: server)
            return build.state == "finished" ? build : nil
        }
    }

    private static func newestBuild(on server: Server) async throws -> JSON {
        let list = try await server.api.json("/api/v1/builds?limit=1")
        return try await server.api.json("/api/v1/builds/\(list.items[0].id.int ?? 0)")
    }

    /// Runs `look.py`, which prints what is wrong.
    private static func look(_ arguments: String...) async throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let command = try await Command.run(
            root.appendingPathComponent(".build/browser/bin/python").path,
            ["Tests/BrowserTests/look.py"] + arguments,
            in: root,
            within: .seconds(150)
        )
        #expect(command.exitCode == 0, "\(command.text)\n\(command.errors)")
    }
}
