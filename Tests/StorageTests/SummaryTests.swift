import Core
import Storage
import Testing

@Suite struct SummaryTests {
    private func finish(_ offer: Offer, saying text: String, in scratch: Scratch) async throws {
        let end = AttemptEnd(
            result: .success,
            reason: nil,
            steps: [],
            logDigests: [:],
            artifacts: [],
            summary: text
        )
        _ = try await scratch.write { tx in
            try tx.finish(end, of: offer.attempt.id, fence: offer.attempt.fence, at: after(3))
        }
    }

    @Test func `what a job says is kept with it, and with who takes it over`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("a"), .named("b", needs: ["a"])])
            let a = try await scratch.dispatch().only
            try await finish(a, saying: "# Done", in: scratch)
            try await finish(a, saying: "# Done twice", in: scratch)
            try await scratch.finish(scratch.dispatch().only, .failure)
            let again = try await scratch.retry(build.id)
            for id in [build.id, again.id] {
                let said = try await scratch.read { tx in try tx.summaries(of: id).map(\.text) }
                #expect(said == ["# Done"])
            }
            #expect(try await scratch.read { tx in try tx.summary(of: a.job) } == "# Done")
        }
    }

    @Test func `a long text is cut between characters`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([.named("a")])
            let a = try await scratch.dispatch().only
            try await finish(a, saying: "x" + String(repeating: "☃", count: 40_000), in: scratch)
            let said = try await scratch.read { tx in try tx.summary(of: a.job) }
            let bytes = try #require(said).utf8.count
            #expect(bytes <= summaryBytesMax && bytes > summaryBytesMax - 8)
        }
    }
}
