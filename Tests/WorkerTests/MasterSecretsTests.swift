import Core
import Testing
import Wire

@testable import Worker

/// How a worker asks its master for a job's secrets.
@Suite struct MasterSecretsTests {
    private func secrets(
        _ script: FakeMaster.Script,
        _ journal: Journal = Journal(),
        within limit: TimeSpan = .seconds(60)
    ) async throws -> [String: String] {
        try await FakeMaster(script, journal: journal).serving { address in
            try await withClient(of: address) { client in
                try await MasterSecrets(client: client).secrets(
                    ["word", "key"],
                    for: AttemptReference(attempt: 7, fence: 3),
                    within: limit
                )
            }
        }
    }

    private func given(_ names: String...) -> SecretsAnswer {
        SecretsAnswer(
            secrets: names.map { NamedSecret(name: $0, value: SecretValue("value of \($0)")) }
        )
    }

    @Test func `all are asked for in one call, under the fence`() async throws {
        let journal = Journal()
        let values = try await secrets(FakeMaster.Script(secrets: given("key", "word")), journal)
        #expect(values == ["key": "value of key", "word": "value of word"])
        #expect(journal.all == ["secrets 3 key,word"])
    }

    @Test func `a master that is away is waited for`() async throws {
        let script = FakeMaster.Script(failures: 2, secrets: given("key", "word"))
        let journal = Journal()
        #expect(try await secrets(script, journal).count == 2)
        #expect(journal.all.count == 3)
    }

    @Test func `it is waited for no longer than the job may take`() async throws {
        let script = FakeMaster.Script(failures: .max)
        let words = await words { try await secrets(script, within: .seconds(1)) }
        #expect(words.contains("did not answer for the job's secrets within 1s"), "\(words)")
    }

    @Test func `refusals are the job's own words`() async throws {
        let answer = SecretsAnswer(refusals: ["the secret key is not for tries", "no word"])
        let words = await words { try await secrets(FakeMaster.Script(secrets: answer)) }
        #expect(words == "the secret key is not for tries; no word")
    }

    @Test func `a master that keeps no secrets is said to be older`() async throws {
        let words = await words { try await secrets(FakeMaster.Script()) }
        #expect(words.contains("the server keeps no secret key, word"), "\(words)")
        #expect(words.contains("slipway run --secret NAME"))
    }

    @Test func `one that is left out is missed`() async throws {
        let words = await words { try await secrets(FakeMaster.Script(secrets: given("key"))) }
        #expect(words == "the master gave no secret word")
    }

    private func words(_ body: () async throws -> [String: String]) async -> String {
        do {
            return "given: \(try await body().keys)"
        } catch {
            return "\(error)"
        }
    }
}
