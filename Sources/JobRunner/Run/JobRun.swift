import Core
import Crypto

/// One walk through the steps of a job, from wherever its berth says it had come.
///
/// Nothing is remembered but in the berth's folder: a walk that ends in the middle, because its
/// task was cancelled or its process killed, is simply begun again.
struct JobRun: Sendable {
    let berth: Berth
    let containers: ContainerSet
    let services: ServiceSet
    let images: ImageShelf
    let watch: SpoolWatch
    let limits: RunLimits
    let sources: any SourceProvider
    let actions: any StepActions
    let secrets: any SecretSource
    let caches: CacheStore
    let tell: @Sendable (JobEvent) -> Void

    var spec: JobSpec { berth.assignment.spec }

    /// Walks to the end of the job.
    func run() async throws -> JobOutcome {
        // Also of a job that has ended: its logs may still have to be sent, and hide them.
        try await learnSecrets()
        if let outcome = try berth.outcome() { return outcome }
        var notes: [StepNote] = []
        var gate: Int?
        for index in 0...spec.steps.count {
            if try isGate(index, after: notes) {
                gate = index
                break
            }
            notes.append(try await step(index, after: notes))
        }
        var outcome = outcome(of: notes)
        outcome.gate = gate
        await fetchKept(of: &outcome)
        await saveCaches(after: outcome)
        try berth.folder.keep(outcome)
        return outcome
    }

    private func step(_ index: Int, after earlier: [StepNote]) async throws -> StepNote {
        let known = try berth.folder.note(of: index)
        if let known, known.state == .finished { return known }
        if index > 0, known == nil {
            do {
                try await fetch(forHashesOf: spec.steps[index - 1])
            } catch {
                try Task.checkCancellation()
                var note = StepNote(index: index, state: .waiting)
                return try finish(&note, Verdict(error))
            }
        }
        if known == nil, let reason = reasonToSkip(index, after: earlier) {
            var note = StepNote(index: index, state: .waiting)
            return try finish(&note, Verdict(.skipped, reason))
        }
        guard index > 0 else { return try await setUp(known) }
        let step = spec.steps[index - 1]
        switch step.action {
        case .run, .plugin:
            return try await run(step, index, known)
        case .download, .publish, .promote, .gate:
            return try await perform(step, index, known)
        }
    }

    /// Whether people have to agree before this step, so that the run ends here.
    private func isGate(_ index: Int, after earlier: [StepNote]) throws -> Bool {
        guard actions.endsAtGates, spec.gate(at: index) != nil,
            try berth.folder.note(of: index) == nil
        else { return false }
        return reasonToSkip(index, after: earlier) == nil
    }

    private func reasonToSkip(_ index: Int, after earlier: [StepNote]) -> String? {
        guard index > 0 else { return nil }
        let step = spec.steps[index - 1]
        guard berth.stopWish != .abandon else { return "the job was taken from this worker" }
        guard earlier.first?.result == .success else { return "the setup did not succeed" }
        if berth.stopWish == .cancel && step.condition != .always {
            return "the job was cancelled"
        }
        if let reason = step.skipReason { return reason }
        var names = names(after: earlier)
        names.status = Status(
            after: [spec.earlier?.result].compactMap(\.self) + earlier.compactMap(\.result),
            isCancelled: berth.stopWish != nil
        )
        do {
            names.hashes = try hashes(step.condition.expression.hashes)
            if try step.condition.holds(with: names) == true { return nil }
            return "its 'if' does not hold: \(step.condition.expression.source)"
        } catch let error as ExpressionError {
            return "its 'if' cannot be decided: \(error.message)"
        } catch {
            return "its 'if' cannot be decided: \(error)"
        }
    }

    private func outcome(of notes: [StepNote]) -> JobOutcome {
        var results = notes.compactMap(\.result)
        // Cancelled between two steps, no step could tell.
        if berth.stopWish != nil && notes.contains(where: { $0.result == .skipped }) {
            results.append(.cancelled)
        }
        var result = overall(results.filter { $0 != .skipped })
        if spec.allowFailure && result == .failure { result = .warnings }
        let cause = notes.first { $0.result == overall(results) }
        var outcome = JobOutcome(result: result, reason: cause.flatMap(sentence), steps: notes)
        let asked = outcome.generatedJobs.reduce(0) { $0 + $1.utf8.count }
        if asked > StepFile.jobsBytesMax, result.isGreen {
            outcome.result = .failure
            outcome.reason = "its steps wrote more than \(StepFile.jobsBytesMax) bytes to $CI_JOBS"
        }
        return outcome
    }

    private func sentence(_ note: StepNote) -> String? {
        guard note.result?.isGreen == false else { return nil }
        let name = note.index == 0 ? "setup" : spec.steps[note.index - 1].name
        let reason = note.reason ?? note.exitCode.map { "exit code \($0)" }
        return reason.map { "\(name): \($0)" }
    }

    // MARK: Words every kind of step needs

    /// Notes that a step has begun, and tells it.
    func begin(_ note: StepNote) throws {
        try berth.folder.keep(note)
        tell(.stepStarted(note))
    }

    /// Notes how a step ended, and tells it.
    func finish(_ note: inout StepNote, _ verdict: Verdict) throws -> StepNote {
        note.state = .finished
        note.finishedAt = .now
        note.result = verdict.result
        note.reason = verdict.reason
        note.logLength = note.logLength ?? 0
        note.logDigest = note.logDigest ?? hexadecimal(SHA256().finalize())
        if note.index > 0, spec.steps[note.index - 1].allowFailure, verdict.result == .failure {
            note.result = .warnings
        }
        try berth.folder.keep(note)
        tell(.stepFinished(note))
        return note
    }

    /// A note of a step that begins now.
    func newNote(_ index: Int) throws -> StepNote {
        var note = StepNote(index: index, state: .running)
        note.startedAt = .now
        note.isAfterwards = try berth.stopWish != nil || (index > 0 && jobEnd() < .now)
        return note
    }

    private func jobEnd() throws -> Moment {
        (try berth.folder.note(of: 0)?.startedAt ?? .now).after(seconds: spec.timeout.seconds)
    }

    /// What ends a step before it ends by itself.
    func leash(of note: StepNote) throws -> Leash {
        let start = note.startedAt ?? .now
        var leash =
            note.isAfterwards
            ? Leash(
                end: start.after(seconds: limits.afterwardsMax),
                reason: "a step after the job's end may take only \(limits.afterwardsMax) s"
            )
            : Leash(end: try jobEnd(), reason: "the job's limit of \(spec.timeout) is over")
        if note.index > 0, let own = spec.steps[note.index - 1].timeout,
            start.after(seconds: own.seconds) < leash.end
        {
            leash = Leash(
                end: start.after(seconds: own.seconds),
                reason: "timed out after \(own)",
                isOfStep: true
            )
        }
        leash.minds = note.isAfterwards ? [.abandon] : [.cancel, .abandon]
        return leash
    }

    /// Why a step that runs must be stopped now; nil while it may go on.
    func interruption(_ leash: Leash) -> Verdict? {
        if let wish = berth.stopWish, leash.minds.contains(wish) {
            switch wish {
            case .cancel: return Verdict(.cancelled, "the job was cancelled")
            case .abandon: return Verdict(.cancelled, "the job was taken from this worker")
            }
        }
        return leash.end <= .now ? Verdict(.failure, leash.reason) : nil
    }

    /// Runs our own work until it ends, is stopped from outside, or takes too long.
    func supervised(
        on leash: Leash,
        _ work: @escaping @Sendable () async throws -> Verdict
    ) async throws -> Verdict {
        try await withThrowingTaskGroup(of: Verdict.self) { group in
            group.addTask {
                do {
                    return try await work()
                } catch {
                    // Whatever a cancelled piece of work says, it says because of that.
                    try Task.checkCancellation()
                    return Verdict(error)
                }
            }
            group.addTask {
                for await _ in watch.signals(at: berth.folder.spool) {
                    if let stop = interruption(leash) { return stop }
                }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let verdict = try await group.next() else { throw CancellationError() }
            return verdict
        }
    }
}

/// What ends a step from outside.
struct Leash: Sendable {
    var end: Moment
    /// What to say when the end is reached.
    var reason: String
    /// Whether it is the step's own limit, not that of its job.
    var isOfStep = false
    /// The wishes that stop it.
    var minds: Set<StopWish> = []
}

/// How much a job may take of everything.
package struct RunLimits: Sendable {
    /// Bytes of one step's log.
    package var logBytesMax: Int
    /// Seconds between TERM and KILL.
    package var grace: Int
    /// Seconds of a step that runs after the job was cancelled or its time was over.
    package var afterwardsMax: Int

    package init(logBytesMax: Int = 1 << 30, grace: Int = 10, afterwardsMax: Int = 60) {
        self.logBytesMax = logBytesMax
        self.grace = grace
        self.afterwardsMax = afterwardsMax
    }
}
