import Core

/// What a run does differently where the engine does not see this machine's files.
extension JobRun {
    /// Watches one try of a step, whose files are brought here while it runs.
    func watchFerried(
        _ note: inout StepNote,
        _ tail: inout LogTail,
        _ step: StepSpec,
        in container: Int
    ) async throws -> TryEnd {
        let crossing = FerriedStep(
            note.index,
            in: container,
            containers.ferry,
            watch: watch,
            outputMax: limits.logBytesMax,
            secrets: step.secrets.isEmpty
                ? nil : try berth.secrets().script(for: step, note.index)
        )
        return try await withThrowingTaskGroup { group in
            group.addTask { await crossing.run() }
            defer { group.cancelAll() }
            let end = try await watch(&note, &tail, step, in: container, over: crossing, true)
            if let problem = crossing.problem { throw problem }
            if let gap = crossing.gap { note.logGap = gap }
            return end
        }
    }

    /// Brings the files that an action of ours reads, or makes room for those it writes.
    func fetch(for action: StepAction) async throws {
        switch action {
        case .publish(let spec):
            let from = spec.from.constant ?? spec.from.source
            try await containers.ferry.fetch([from] + [spec.notes].compactMap(\.self))
        case .download:
            try await containers.ferry.fetch([])
        case .run, .plugin, .promote, .gate:
            return
        }
    }

    /// Carries over what an action of ours has written.
    func push(after action: StepAction) async throws {
        switch action {
        case .download: try await containers.ferry.push()
        case .run, .plugin, .publish, .promote, .gate: return
        }
    }

    /// Brings the files of which a step wants a digest.
    func fetch(forHashesOf step: StepSpec) async throws {
        let patterns = step.condition.expression.hashes + step.hashes
        if !patterns.isEmpty { try await containers.ferry.fetch(patterns.flatMap(\.self)) }
    }

    /// Brings what is kept of a job that has ended; a job without its artifacts has not gone well.
    func fetchKept(of outcome: inout JobOutcome) async {
        let result = outcome.result
        let artifacts = spec.artifacts.filter { $0.when.includes(result) }.flatMap(\.paths)
        let caches = result.isGreen ? spec.caches.flatMap(\.paths) : []
        do {
            let wanted = artifacts + caches + spec.reports.flatMap(\.paths)
            try await containers.ferry.fetch(wanted)
        } catch {
            let reason = "its files cannot be brought from the Docker engine: \(error)"
            if outcome.result.isGreen, !artifacts.isEmpty {
                outcome.result = .exception
                outcome.reason = reason
            } else {
                tell(.remark(reason))
            }
        }
    }
}
