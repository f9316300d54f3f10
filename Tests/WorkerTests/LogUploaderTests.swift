import Core
import NIOCore
import TestSupport
import Testing
import Wire

@testable import Worker

@Suite struct LogUploaderTests {
    private let journal = Journal()

    /// Sends a log to a master that has some of it.
    private func send(_ log: String, to script: FakeMaster.Script) async throws -> FakeMaster {
        let master = FakeMaster(script, journal: journal)
        try await master.serving { address in
            try await withClient(of: address) { client in
                let bytes = Array(log.utf8)
                let uploader = LogUploader(
                    client: client,
                    attempt: AttemptReference(attempt: 1, fence: 1),
                    step: 1
                ) {
                    LogSource { offset, count in
                        ByteBuffer(bytes: bytes.dropFirst(offset).prefix(count))
                    }
                }
                try await uploader.run(AsyncStream { $0.finish() })
            }
        }
        return master
    }

    @Test func `after a restart the master says how far the log got`() async throws {
        let script = FakeMaster.Script(logs: [1: Array("hello".utf8)])
        let master = try await send("hello, you", to: script)
        #expect(master.log(1) == "hello, you")
        #expect(journal.all == ["log 1 0+0", "log 1 5+5"])
    }

    @Test func `a gap is closed from where the master says`() async throws {
        var script = FakeMaster.Script(logs: [1: Array("hel".utf8)])
        script.wrongLength = 8
        let master = try await send("hello, you", to: script)
        #expect(master.log(1) == "hello, you")
        #expect(journal.all == ["log 1 0+0", "log 1 8+2", "log 1 3+7"])
    }

    @Test func `a log that is there already costs one question`() async throws {
        let master = try await send("hello", to: FakeMaster.Script(logs: [1: Array("hello".utf8)]))
        #expect(master.log(1) == "hello")
        #expect(journal.all == ["log 1 0+0"])
    }

    @Test func `a long log goes in pieces of the size the master takes`() async throws {
        let log = String(repeating: "x", count: WorkerProtocol.logChunkMax * 2 + 1)
        let master = try await send(log, to: FakeMaster.Script())
        #expect(master.log(1).utf8.count == log.utf8.count)
        #expect(journal.all.count == 4)
    }

    @Test func `a master that is away is waited for`() async throws {
        let master = try await send("hello", to: FakeMaster.Script(failures: 2))
        #expect(master.log(1) == "hello")
    }
}

@Suite struct BackoffTests {
    @Test func `waits grow, have a bound, and begin anew after a success`() {
        var longest = Duration.zero
        for _ in 0..<50 {
            var backoff = Backoff()
            var limit = Duration.seconds(0.5)
            for _ in 0..<12 {
                let wait = backoff.next()
                #expect(wait >= .zero && wait <= min(limit, .seconds(30)))
                longest = max(longest, wait)
                limit *= 2
            }
            backoff.reset()
            #expect(backoff.next() <= .seconds(0.5))
        }
        #expect(longest > .seconds(5))
    }
}
