import Core
import Foundation
import Testing

@Suite struct GateDecisionTests {
    private func gate(
        _ approvers: [String],
        needed: Int = 1,
        approvedBy names: [String] = [],
        state: Gate.State = .waiting
    ) -> Gate {
        let noon = Date(timeIntervalSince1970: 0)
        return Gate(
            job: JobID(1),
            jobName: "ship",
            build: BuildID(1),
            position: 2,
            name: "go-live",
            approvers: approvers,
            needed: needed,
            state: state,
            reachedAt: noon,
            words: names.map { GateWord(verdict: .approved, actor: $0, saidAt: noon) }
        )
    }

    private func step(
        _ gate: Gate,
        _ name: String,
        _ teams: [String] = [],
        says verdict: GateWord.Verdict = .approved,
        owners: GateOwners = GateOwners(names: [])
    ) -> GateStep {
        decide(verdict, on: gate, by: GateCaller(name: name, teams: teams), owners: owners)
    }

    private func isRefused(_ step: GateStep) -> Bool {
        if case .refused = step { true } else { false }
    }

    @Test func `a gate opens for whom it names, by name or by team`() {
        #expect(step(gate(["ada"]), "ada") == .opens)
        #expect(step(gate(["ada"]), "Ada") == .opens)
        #expect(step(gate(["team:release"]), "bob", ["release"]) == .opens)
        #expect(isRefused(step(gate(["ada"]), "bob")))
        #expect(isRefused(step(gate(["team:release"]), "release")))
        #expect(isRefused(step(gate(["team:release"]), "bob", ["ops"])))
        #expect(isRefused(step(gate(["team:release"]), "team:release")))
        #expect(step(gate([]), "anybody") == .opens)
    }

    @Test func `as many different people as it asks`() {
        #expect(step(gate([], needed: 2), "ada") == .noted)
        #expect(step(gate([], needed: 2, approvedBy: ["ada"]), "ada") == .noted)
        #expect(step(gate([], needed: 2, approvedBy: ["ada"]), "ADA") == .noted)
        #expect(step(gate([], needed: 2, approvedBy: ["ada"]), "bob") == .opens)
        #expect(step(gate([], needed: 3, approvedBy: ["ada"]), "bob") == .noted)
    }

    @Test func `who wrote or started it does not count, unless the server allows it`() {
        let owners = GateOwners(names: ["Ada Lovelace", "ada@example.com"])
        for name in ["ada", "Ada@example.com", "ada lovelace"] {
            #expect(isRefused(step(gate([]), name, owners: owners)))
        }
        #expect(step(gate([]), "bob", owners: owners) == .opens)
        let lenient = GateOwners(names: ["ada"], mayOpen: true)
        #expect(step(gate([]), "ada", owners: lenient) == .opens)
    }

    @Test func `who may open it may reject it, and so may who wrote it`() {
        let owners = GateOwners(names: ["eve"])
        #expect(step(gate(["ada"]), "ada", says: .rejected, owners: owners) == .rejects)
        #expect(step(gate(["ada"]), "eve", says: .rejected, owners: owners) == .rejects)
        #expect(isRefused(step(gate(["ada"]), "bob", says: .rejected, owners: owners)))
    }

    @Test(arguments: [Gate.State.open, .rejected, .expired, .cancelled])
    func `a gate that is decided stays as it is`(state: Gate.State) {
        #expect(isRefused(step(gate([], state: state), "ada")))
        #expect(isRefused(step(gate([], state: state), "ada", says: .rejected)))
    }

    @Test func `it says how far it is and who may open it`() {
        #expect(
            gate(["team:release", "ada"], needed: 2, approvedBy: ["ada"]).sentence
                == "It waits at the gate go-live: 1 of 2 approvals; "
                + "may be opened by team release, ada."
        )
        #expect(
            gate([]).sentence == "It waits at the gate go-live: 0 of 1 approval; "
                + "may be opened by everyone who may start builds."
        )
    }

    @Test func `behind a gate only what is behind it runs, and knows how the rest went`() throws {
        let run = StepSpec(name: "a", action: .run(script: "a"))
        let gate = StepSpec(name: "g", action: .gate(GateSpec(name: "g", approvers: [])))
        let spec = JobSpec(
            name: "j",
            steps: [run, gate, run],
            artifacts: [
                ArtifactSpec(name: "kept", paths: ["a"]), ArtifactSpec(name: "new", paths: ["b"]),
            ]
        )
        let earlier = EarlierSteps(result: .warnings, variables: ["A": "1"])
        let behind = spec.continued(behind: 2, after: earlier, keeping: ["kept"])
        #expect(behind.steps.map { $0.skipReason == nil } == [false, false, true])
        #expect(behind.artifacts.map(\.name) == ["new"])
        let text = try JSONEncoder().encode(behind)
        #expect(try JSONDecoder().decode(JobSpec.self, from: text) == behind)
        #expect(spec.plainGate(behind: 0) == nil)
        #expect(spec.plainGate(behind: 1)?.name == "g")
        let later = earlier.followed(by: EarlierSteps(result: .success, variables: ["A": "2"]))
        #expect(later == EarlierSteps(result: .warnings, variables: ["A": "2"]))
    }
}
