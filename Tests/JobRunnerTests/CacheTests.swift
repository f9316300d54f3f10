import Core
import Foundation
import JobRunner
import Testing

/// Files kept from job to job under a key.
@Suite(.serialized) struct CacheTests {
    private static let main = CacheScope(
        repository: "shop",
        ref: "refs/heads/main",
        defaultBranch: "main"
    )

    /// Runs a job of one step with one cache, and gives what became of it.
    @discardableResult
    private func run(
        _ script: String,
        key: String,
        restore: [String] = [],
        paths: [String] = ["kept"],
        in scope: CacheScope = main,
        files: [String: String] = [:],
        of fixture: JobRunnerFixture
    ) async throws -> (berth: Berth, outcome: JobOutcome) {
        var assignment = JobAssignment.of([.run(script)])
        assignment.cacheScope = scope
        assignment.spec.caches = [
            CacheSpec(
                key: try Template(key),
                restore: try restore.map { try Template($0) },
                paths: paths
            )
        ]
        let berth = try fixture.runner.moor(assignment)
        let outcome = try await fixture.run(berth, source: TestSource(files: files))
        return (berth, outcome)
    }

    private static let fill = """
        mkdir -p kept/deep/empty; echo one >kept/deep/a; echo '#!x' >kept/run; chmod +x kept/run
        ln -s /usr/bin/nowhere kept/link; touch -d '2020-01-02 03:04:05' kept/deep/a
        mkfifo kept/fifo
        """

    @Test func `the next job finds the files as they were`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let first = try await run(Self.fill, key: "a-${{ hash('lock') }}", of: fixture)
            #expect(first.outcome.result == .success)
            #expect(try first.berth.text(of: 0).contains("Cache a-: there is none yet."))
            let (berth, outcome) = try await run(
                """
                cat kept/deep/a; test -x kept/run; readlink kept/link; test -d kept/deep/empty
                date -r kept/deep/a +%Y; test ! -e kept/fifo
                """,
                key: "a-${{ hash('lock') }}",
                of: fixture
            )
            #expect(outcome.result == .success, "\(outcome)")
            #expect(try berth.text(of: 1) == "one\n/usr/bin/nowhere\n2020\n")
            #expect(try berth.text(of: 0).contains("Cache a-: 3 files after"))
        }
    }

    @Test func `a key follows the files it hashes, its beginning finds the newest of others`()
        async throws
    {
        try await JobRunnerFixture.scoped { fixture in
            let key = "a-${{ hash('lock') }}"
            for lock in ["1", "2"] {
                try await run(
                    "mkdir kept; echo \(lock) >kept/a",
                    key: key,
                    files: ["lock": lock],
                    of: fixture
                )
            }
            let third = try await run(
                "cat kept/a",
                key: key,
                restore: ["b-", "a-"],
                files: ["lock": "3"],
                of: fixture
            )
            #expect(try third.berth.text(of: 1) == "2\n")
            #expect(try third.berth.text(of: 0).contains("files of a-"))
            let none = try await run("cat kept/a", key: key, files: ["lock": "4"], of: fixture)
            #expect(none.outcome.result == .failure)
            let exact = try await run("cat kept/a", key: key, files: ["lock": "1"], of: fixture)
            #expect(try exact.berth.text(of: 1) == "1\n")
        }
    }

    @Test func `only a job that went well keeps anything, and never twice`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            try await run("mkdir kept; echo bad >kept/a; false", key: "k", of: fixture)
            try await run("mkdir kept; echo good >kept/a", key: "k", of: fixture)
            try await run("echo late >kept/a", key: "k", of: fixture)
            let (berth, _) = try await run("cat kept/a", key: "k", of: fixture)
            #expect(try berth.text(of: 1) == "good\n")
        }
    }

    @Test func `what a branch keeps no other branch takes, but everybody takes the main one's`()
        async throws
    {
        try await JobRunnerFixture.scoped { fixture in
            var evil = Self.main
            evil.ref = "refs/pull/7/head"
            var other = Self.main
            other.repository = "bank"
            try await run("mkdir kept; echo evil >kept/a", key: "k", in: evil, of: fixture)
            let main = try await run("test ! -e kept", key: "k", of: fixture)
            #expect(main.outcome.result == .success)
            try await run("mkdir kept; echo main >kept/a", key: "m", of: fixture)
            let pull = try await run("cat kept/a", key: "m", in: evil, of: fixture)
            #expect(try pull.berth.text(of: 1) == "main\n")
            let bank = try await run("test ! -e kept", key: "m", in: other, of: fixture)
            #expect(bank.outcome.result == .success)
        }
    }

    @Test func `a link in the way of a cached file leads nowhere`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let outside = "\(fixture.root)/outside"
            try FileManager.default.createDirectory(
                atPath: outside,
                withIntermediateDirectories: false
            )
            try await run("mkdir -p kept/in; echo x >kept/in/a", key: "k", of: fixture)
            try await run(
                "mkdir kept; ln -s \(outside) kept/in; ln -s ../.. kept/up",
                key: "links",
                of: fixture
            )
            var assignment = JobAssignment.of([.run("ls")])
            assignment.cacheScope = Self.main
            assignment.spec.caches = ["links", "k"].map {
                CacheSpec(key: Template(constant: $0), paths: ["kept"])
            }
            let berth = try fixture.runner.moor(assignment)
            let outcome = try await fixture.run(berth)
            #expect(outcome.result == .success, "a cache never makes a job fail")
            #expect(try berth.text(of: 0).contains("only a link to one"))
            #expect(!FileManager.default.fileExists(atPath: "\(outside)/a"))
        }
    }

    @Test func `a damaged cache is left out, said, and gone`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            try await run("mkdir kept; echo good >kept/a", key: "k", of: fixture)
            let pack = try #require(try packs(of: fixture).first)
            let handle = try #require(FileHandle(forWritingAtPath: pack))
            try handle.truncate(atOffset: 30)
            try handle.close()
            let (berth, outcome) = try await run(
                "rm -rf kept; mkdir kept; echo again >kept/a",
                key: "k",
                of: fixture
            )
            #expect(outcome.result == .success)
            #expect(try berth.text(of: 0).contains("the kept files are damaged"))
            let next = try await run("cat kept/a", key: "k", of: fixture)
            #expect(try next.berth.text(of: 1) == "again\n")
        }
    }

    @Test func `what was used longest ago goes when there is no room`() async throws {
        var settings = JobRunnerSettings.quick
        settings.caches = CacheLimits(bytesMax: 250_000, entryBytesMax: 150_000)
        try await JobRunnerFixture.scoped(settings: settings) { fixture in
            let fill = "mkdir kept; head -c 100000 /dev/zero >kept/a"
            try await run(fill, key: "1", of: fixture)
            try await run(fill, key: "2", of: fixture)
            try await run("test -e kept/a", key: "1", of: fixture)
            try await run(fill, key: "3", of: fixture)
            #expect(try packs(of: fixture).count == 2)
            let used = try await run("test -e kept/a", key: "1", of: fixture)
            #expect(used.outcome.result == .success)
            let gone = try await run("test ! -e kept/a", key: "2", of: fixture)
            #expect(gone.outcome.result == .success)
            let (_, outcome) = try await run(
                "mkdir kept; head -c 200000 /dev/zero >kept/a",
                key: "big",
                of: fixture
            )
            #expect(outcome.result == .success)
            #expect(try packs(of: fixture).count == 2)
        }
    }

    private func packs(of fixture: JobRunnerFixture) throws -> [String] {
        let folder = "\(fixture.root)/caches"
        return try FileManager.default.subpathsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".pack") }.map { "\(folder)/\($0)" }
    }
}
