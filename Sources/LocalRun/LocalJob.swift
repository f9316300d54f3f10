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
            let outcome = try await outcome(of: job)
            end.result.result = outcome.result
            end.result.reason = outcome.reason
            end.result.summary = outcome.summary
            end.outputs = outcome.outputs
            end.fragments = outcome.generatedJobs
        } catch let error as ExpressionError {
            end.result.result = .failure
            end.result.reason = error.message
        } catch {
            end.result.reason = "\(error)"
        }
        end.result.seconds = (ContinuousClock.now - start) / .seconds(1)
        return end
    }

    private func outcome(of job: LocalJob) async throws -> JobOutcome {
        let spec = try job.spec.readied(with: job.names)
        let berth = try runner.moor(assignment(of: job, spec))
        stops.add(berth)
        defer { stops.remove(berth) }
        // The wish may have come while the berth was made.
        if stops.isStopped { try runner.cancel(berth) }
        let teller = OutputTeller(berth, tell: tell)
        var outcome = try await runner.run(
            berth,
            sources: source,
            actions: actions,
            secrets: LocalSecrets(values: request.secrets),
            tell: teller.hear
        )
        keepArtifacts(of: spec, from: berth, &outcome)
        if request.keepsFailed, !outcome.result.isGreen {
            for name in berth.containerNames {
                tell(.kept(job: spec.name, command: "docker exec -it \(name) /bin/sh"))
            }
        } else {
            await runner.release(berth)
        }
        return outcome
    }

    private func assignment(of job: LocalJob, _ spec: JobSpec) -> JobAssignment {
        JobAssignment(
            attempt: job.id.rawValue,
            fence: 1,
            spec: spec,
            environment: stepEnvironment(
                build: plan.build,
                job: spec.name,
                jobID: job.id,
                attempt: 1,
                repository: plan.repository,
                committedAt: plan.committedAt,
                address: "http://localhost"
            ),
            about: JobContext(of: spec, in: plan.build, plan.repository, names: job.names),
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
                guard outcome.result.isGreen else { continue }
                outcome.result = .failure
                outcome.reason = "artifact \(artifact.name): \(error)"
            }
        }
    }
}
