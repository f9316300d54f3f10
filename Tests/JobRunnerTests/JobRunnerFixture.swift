import Core
import Docker
import Foundation
import JobRunner
import Logging
import Synchronization
import Testing

/// A runner in a scratch folder; its containers and folders are removed when the body ends.
struct JobRunnerFixture {
    let runner: JobRunner
    let root: String

    static func scoped(
        engine: DockerEngine = DockerEngine(),
        settings: JobRunnerSettings = .quick,
        _ body: (JobRunnerFixture) async throws -> Void
    ) async throws {
        let root = FileManager.default.temporaryDirectory
            .appending(path: "runner-\(UUID().uuidString)").path
        do {
            let runner = try JobRunner(root: root, engine: engine, settings: settings)
            try await body(JobRunnerFixture(runner: runner, root: root))
        } catch {
            try await clearAway(root)
            throw error
        }
        try await clearAway(root)
    }

    /// Whatever the test left, found by label as a later process would find it.
    private static func clearAway(_ root: String) async throws {
        let instance = try String(contentsOfFile: "\(root)/instance", encoding: .utf8)
        for kind in LabelledKind.allCases {
            for object in try await list(kind, instance: instance) {
                try await DockerEngine().remove(object)
            }
        }
        try FileManager.default.removeItem(atPath: root)
    }

    static func list(_ kind: LabelledKind, instance: String) async throws -> [LabelledObject] {
        try await DockerEngine().list(
            kind,
            label: JobRunnerLabel.instance,
            value: instance,
            telling: JobRunnerLabel.berth
        )
    }

    func containers() async throws -> [LabelledObject] {
        try await Self.list(.container, instance: runner.instance)
    }

    /// Runs a job of these steps to its end.
    func run(
        _ steps: [StepSpec],
        timeout: Int = 60,
        source: TestSource = TestSource(),
        actions: TestActions = TestActions(),
        _ events: Events = Events()
    ) async throws -> (berth: Berth, outcome: JobOutcome) {
        let berth = try runner.moor(.of(steps, timeout: timeout))
        let outcome = try await run(berth, source: source, actions: actions, events)
        return (berth, outcome)
    }

    /// What the engine still has of this runner.
    func leftovers() async throws -> [String] {
        var found: [String] = []
        for kind in LabelledKind.allCases {
            let objects = try await DockerEngine().list(
                kind,
                label: JobRunnerLabel.instance,
                value: runner.instance,
                telling: JobRunnerLabel.berth
            )
            found += objects.map { "\(kind.rawValue) \($0.id)" }
        }
        return found
    }

    func run(
        _ berth: Berth,
        source: TestSource = TestSource(),
        actions: TestActions = TestActions(),
        secrets: [String: String] = [:],
        _ events: Events = Events()
    ) async throws -> JobOutcome {
        try await runner.run(
            berth,
            sources: source,
            actions: actions,
            secrets: TestSecrets(values: secrets),
            tell: events.note
        )
    }
}

extension JobRunnerSettings {
    /// No warm containers, little patience.
    static var quick: JobRunnerSettings {
        JobRunnerSettings(
            run: RunLimits(grace: 1, afterwardsMax: 20),
            pullPauses: [.milliseconds(10)],
            warmImagesMax: 0
        )
    }
}

extension JobAssignment {
    static func of(_ steps: [StepSpec], timeout: Int = 60) -> JobAssignment {
        JobAssignment(
            attempt: 7,
            fence: 1,
            spec: JobSpec(name: "test", timeout: .seconds(timeout), steps: steps),
            environment: ["CI": "true", "CI_JOB_ATTEMPT": "2"]
        )
    }
}

extension StepSpec {
    static func run(
        _ script: String,
        if condition: Condition = .success,
        timeout: Int? = nil,
        allowFailure: Bool = false,
        image: ImageSource = .reference("busybox:1"),
        environment: [String: String] = [:]
    ) -> StepSpec {
        StepSpec(
            name: "step",
            action: .run(script: script),
            condition: condition,
            timeout: timeout.map { .seconds($0) },
            allowFailure: allowFailure,
            image: image,
            environment: environment.mapValues { Template(constant: $0) }
        )
    }
}

/// A source of a few files.
struct TestSource: SourceProvider {
    var files: [String: String] = [:]
    var failure: String?

    func populate(_ berth: Berth, log: StepLog) async throws {
        log.line("Source: \(files.count) files.")
        if let failure { throw JobRunnerError(code: .file, message: failure) }
        for (path, text) in files {
            let file = try berth.files.create(path, below: "", isExecutable: false)
            try file.write(Array(text.utf8))
        }
    }
}

struct TestSecrets: SecretSource {
    var values: [String: String]

    func secrets(_ names: Set<String>, for berth: Berth) throws -> [String: String] {
        for name in names.sorted() where values[name] == nil {
            throw JobRunnerError(code: .missing, message: "nobody knows the secret \(name)")
        }
        return values
    }
}

/// Records what it is asked for and answers as told.
final class TestActions: StepActions {
    let endsAtGates: Bool = false
    private let asked = Mutex<[String]>([])
    private let promoted = Mutex<[String]>([])
    let answer: Verdict

    init(answer: Verdict = .success) {
        self.answer = answer
    }

    /// What promote steps were asked to move.
    var units: [String] { promoted.withLock { $0 } }

    var all: [String] { asked.withLock { $0 } }

    func perform(
        _ action: StepAction,
        step: Int,
        in berth: Berth,
        log: StepLog
    ) async throws -> Verdict {
        asked.withLock { $0.append("\(step) \(action.kind.rawValue)") }
        if case .promote(let unit?, _) = action {
            promoted.withLock { $0.append(unit.constant ?? unit.source) }
        }
        log.line("Asked for \(action.kind.rawValue).")
        return answer
    }
}

/// What a runner told, to be looked at or waited for.
final class Events: Sendable {
    private let heard = Mutex<[JobEvent]>([])

    var all: [JobEvent] { heard.withLock { $0 } }

    func note(_ event: JobEvent) { heard.withLock { $0.append(event) } }

    var started: [Int] {
        all.compactMap { if case .stepStarted(let note) = $0 { note.index } else { nil } }
    }

    /// The length told last for a step's log.
    func length(of step: Int) -> Int {
        all.reduce(0) {
            if case .output(step, let length) = $1 { length } else { $0 }
        }
    }

    /// Waits until a step has begun.
    func began(_ step: Int) async throws {
        try await eventually { self.started.contains(step) }
    }
}

/// Waits, at most half a minute, until something has become true.
func eventually(_ isTrue: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try await !isTrue() {
        try #require(ContinuousClock.now < deadline, "it never became true")
        try await Task.sleep(for: .milliseconds(5))
    }
}

extension Berth {
    /// The whole log of a step.
    func bytes(of step: Int) throws -> [UInt8] {
        let length = try notes().first { $0.index == step }?.logLength ?? 0
        return try log(of: step).read(at: 0, count: length)
    }

    func text(of step: Int) throws -> String {
        String(decoding: try bytes(of: step), as: UTF8.self)
    }
}
