import Core
import JobRunner

/// A job that may begin.
struct LocalJob: Sendable {
    var id: JobID
    var spec: JobSpec
    /// With what the jobs it needs have come to.
    var names: Names
}

/// A job that has ended, and what it told later ones.
struct LocalJobEnd: Sendable {
    var id: JobID
    var result: LocalJobResult
    var outputs: [String: String]
    /// Pipeline fragments whose jobs are to join the run.
    var fragments: [String] = []
}

extension LocalJobEnd {
    /// Takes in a part of the job; `earlier` is what went before it.
    fileprivate mutating func add(_ outcome: JobOutcome, after earlier: EarlierSteps?) {
        result.result = earlier.map { max($0.result, outcome.result) } ?? outcome.result
        result.reason = outcome.reason
        let summaries = [result.summary, outcome.summary].compactMap(\.self)
        result.summary = summaries.isEmpty ? nil : summaries.joined(separator: "\n")
        outputs.merge(outcome.outputs) { $1 }
        fragments += outcome.generatedJobs
    }
}

/// What of a job runs in one workspace: all of it, or what is between two gates.
private struct JobPart {
    var number = 1
    /// The gate before it.
    var passed = 0
    var spec: JobSpec
}

extension LocalPlan {
    /// What is known of the build beside its jobs.
    var names: Names {
        Names(context: [.build: .number(Double(build.number)), .semver: .text(build.semver)])
    }
}

extension LocalBuild {
    /// Runs one job from its workspace to its artifacts.
    func run(_ job: LocalJob) async -> LocalJobEnd {
        tell(.jobStarted(job.spec.name))
        let start = ContinuousClock.now
        var end = LocalJobEnd(
            id: job.id,
            result: LocalJobResult(name: job.spec.name, result: .exception),
            outputs: [:]
        )
        do {
            try await walk(job, to: &end)
        } catch let error as ExpressionError {
            end.result.result = .failure
            end.result.reason = error.message
        } catch {
            end.result.result = .exception
            end.result.reason = "\(error)"
        }
        end.result.seconds = (ContinuousClock.now - start) / .seconds(1)
        return end
    }

    /// Runs the job from gate to gate, each part in a fresh workspace, as attempts on a server do.
    private func walk(_ job: LocalJob, to end: inout LocalJobEnd) async throws {
        let whole = try job.spec.readied(with: job.names)
        var part = JobPart(spec: whole)
        while true {
            let outcome = try await outcome(of: part, in: job)
            end.add(outcome, after: part.spec.earlier)
            guard let position = outcome.gate, let gate = whole.gate(at: position) else { return }
            if let refusal = await refusal(of: gate, in: job) {
                end.result.result = stops.isStopped ? .cancelled : .failure
                end.result.reason = refusal
                return
            }
            if position == whole.steps.count { return }
            let did = EarlierSteps(
                result: max(outcome.result, .success),
                variables: outcome.variables,
                outputs: outcome.outputs
            )
            part = JobPart(
                number: part.number + 1,
                passed: position,
                spec: whole.continued(
                    behind: position,
                    after: part.spec.earlier?.followed(by: did) ?? did,
                    keeping: actions.shelf.names(from: whole.name)
                )
            )
        }
    }

    /// Why a gate stays shut; nil: it was opened.
    private func refusal(of gate: GateSpec, in job: LocalJob) async -> String? {
        if stops.isStopped { return "the job was cancelled" }
        guard let gatekeeper else {
            return "the gate \(gate.name) stays shut: nobody is here to open it"
        }
        guard await gatekeeper(gate) else { return "the gate \(gate.name) was not opened" }
        tell(
            .remark(
                job: job.spec.name,
                text: "The gate \(gate.name) was opened: a fresh workspace is behind it."
            )
        )
        return nil
    }

    private func outcome(of part: JobPart, in job: LocalJob) async throws -> JobOutcome {
        let berth = try runner.moor(assignment(of: part, in: job))
        stops.add(berth)
        defer { stops.remove(berth) }
        // The wish may have come while the berth was made.
        if stops.isStopped { try runner.cancel(berth) }
        let teller = OutputTeller(berth, behind: part.passed, tell: tell)
        var outcome = try await runner.run(
            berth,
            sources: source,
            actions: actions,
            secrets: LocalSecrets(values: request.secrets),
            tell: teller.hear
        )
        keepArtifacts(of: part.spec, from: berth, &outcome)
        if request.keepsFailed, !outcome.result.isGreen {
            for name in berth.containerNames {
                let command = "docker exec -it \(name) /bin/sh"
                tell(.kept(job: part.spec.name, command: command))
            }
        } else {
            await runner.release(berth)
        }
        return outcome
    }

    private func assignment(of part: JobPart, in job: LocalJob) -> JobAssignment {
        JobAssignment(
            attempt: job.id.rawValue,
            fence: part.number,
            spec: part.spec,
            environment: stepEnvironment(
                build: plan.build,
                job: part.spec.name,
                jobID: job.id,
                attempt: part.number,
                repository: plan.repository,
                committedAt: plan.committedAt,
                address: "http://localhost"
            ),
            about: JobContext(of: part.spec, in: plan.build, plan.repository, names: job.names),
            cacheScope: CacheScope(
                repository: plan.repository.name,
                ref: plan.build.ref,
                defaultBranch: plan.repository.defaultBranch
            )
        )
    }

    /// Success without its artifacts is none.
    private func keepArtifacts(
        of spec: JobSpec,
        from berth: Berth,
        _ outcome: inout JobOutcome
    ) {
        for artifact in spec.artifacts where artifact.when.includes(outcome.result) {
            do {
                let files = try berth.files.collect(matching: artifact.paths)
                try actions.shelf.keep(files, as: artifact.name, of: spec.name, from: berth)
            } catch {
                // What is not there yet before a gate may be there behind it.
                guard outcome.result.isGreen, outcome.gate == nil else { continue }
                outcome.result = .failure
                outcome.reason = "artifact \(artifact.name): \(error)"
            }
        }
    }
}
