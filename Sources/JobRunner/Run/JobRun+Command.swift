import Core
import Docker

extension JobRun {
    /// Runs a command in its image's container, or goes on with one that is running there.
    func run(
        _ script: String,
        _ step: StepSpec,
        _ index: Int,
        _ known: StepNote?
    ) async throws -> StepNote {
        var note = try known ?? newNote(index)
        do {
            if known == nil {
                let prelude = try StepLoop.prelude(index, environment: environment(of: step))
                note.container = try await container(for: step)
                note.inode = try berth.folder.prepare(index, script: script, prelude: prelude)
                note.startedAt = .now
                try begin(note)
            }
            guard let container = note.container else {
                throw JobRunnerError(code: .damaged, message: "the step's container is not known")
            }
            return try await follow(&note, in: container)
        } catch {
            try Task.checkCancellation()
            return try await broken(&note, error)
        }
    }

    /// Ends a step that cannot even be watched, with as much of its log as there is.
    private func broken(_ note: inout StepNote, _ error: any Error) async throws -> StepNote {
        if let container = note.container { await containers.discard(container) }
        let verdict = Verdict(error)
        guard note.inode != nil else { return try finish(&note, verdict) }
        do {
            let tail = LogTail(try berth.log(of: note.index))
            return try close(&note, tail, verdict)
        } catch {
            note.logGap = "\(error)"
            return try finish(&note, verdict)
        }
    }

    private func container(for step: StepSpec) async throws -> Int {
        guard let image = try berth.folder.images().first(where: { $0.source == step.image }) else {
            throw JobRunnerError(code: .image, message: "the step \(step.name) has no image")
        }
        return try await containers.container(for: image)
    }

    private func environment(of step: StepSpec) -> [String: String] {
        var environment = berth.assignment.environment
        environment["CI_STEP_NAME"] = step.name
        environment["CI_WORKSPACE"] = "/workspace"
        return environment.merging(step.environment) { $1 }
    }

    /// Watches a step until it has ended, one way or another.
    private func follow(_ note: inout StepNote, in container: Int) async throws -> StepNote {
        let leash = try leash(of: note)
        var tail = LogTail(try berth.log(of: note.index))
        let feed = try containers.feed(container)
        try feed?.send(note.index)
        var signals = watch.signals(at: berth.folder.spool).makeAsyncIterator()
        while true {
            let isAlive = feed?.isRead ?? false
            // The code before the output: what the step wrote is then in the file for sure.
            let exit = try berth.folder.exit(of: note.index)
            if try advance(&tail, note.index) { continue }
            if let exit { return try ended(&note, tail, exit) }
            if try tail.log.isOverLimit() {
                return try await stop(&note, tail, overLimit(&note), grace: 0, in: container)
            }
            if let verdict = interruption(leash) {
                let grace = berth.stopWish == .abandon ? 0 : limits.grace
                return try await stop(&note, tail, verdict, grace: grace, in: container)
            }
            guard isAlive else { return try await vanished(&note, tail, from: container) }
            guard await signals.next() != nil else { throw CancellationError() }
        }
    }

    /// Takes new output and tells of it; true when there is more at once.
    private func advance(_ tail: inout LogTail, _ index: Int) throws -> Bool {
        let length = tail.length
        let hasMore = try tail.advance()
        if tail.length > length { tell(.output(step: index, length: tail.length)) }
        return hasMore
    }

    // MARK: How a step ends

    private func ended(
        _ note: inout StepNote,
        _ tail: LogTail,
        _ exit: StepExit
    ) throws -> StepNote {
        note.exitCode = exit.code
        let verdict = exit.code == 0 ? .success : Verdict(.failure, exit.reason)
        return try close(&note, tail, verdict)
    }

    /// TERM, time to end, then KILL for the whole container.
    private func stop(
        _ note: inout StepNote,
        _ tail: LogTail,
        _ verdict: Verdict,
        grace: Int,
        in container: Int
    ) async throws -> StepNote {
        if grace > 0 { try await letEnd(note.index, within: grace, in: container) }
        await containers.discard(container)
        try Task.checkCancellation()
        note.exitCode = try berth.folder.exit(of: note.index)?.code
        return try close(&note, tail, verdict)
    }

    private func letEnd(_ index: Int, within grace: Int, in container: Int) async throws {
        let end = Moment.now.after(seconds: grace)
        try await withThrowingTaskGroup { group in
            group.addTask { await containers.terminate(container) }
            for await _ in watch.signals(at: berth.folder.spool) {
                if try berth.folder.exit(of: index) != nil { break }
                if end <= .now || berth.stopWish == .abandon { break }
            }
            group.cancelAll()
        }
    }

    /// A container that is gone never means success, whatever else is known.
    private func vanished(
        _ note: inout StepNote,
        _ tail: LogTail,
        from container: Int
    ) async throws -> StepNote {
        // The code may have come between looking for it and looking for the loop.
        if let exit = try berth.folder.exit(of: note.index) {
            return try ended(&note, tail, exit)
        }
        let verdict = await causeOfDeath(of: container)
        await containers.discard(container)
        try Task.checkCancellation()
        return try close(&note, tail, verdict)
    }

    private func causeOfDeath(of container: Int) async -> Verdict {
        do {
            guard let state = try await containers.inspect(container) else {
                return Verdict(.exception, "the step's container was removed by somebody else")
            }
            if state.hasRunOutOfMemory {
                return Verdict(.failure, "the step's container ran out of memory and was killed")
            }
            return Verdict(
                .exception,
                "the step's container died (\(state.status.rawValue), exit code \(state.exitCode))"
            )
        } catch {
            return Verdict(.exception, "the step's container is gone: \(error)")
        }
    }

    private func overLimit(_ note: inout StepNote) -> Verdict {
        note.logGap = "the log ends after \(limits.logBytesMax) bytes, its limit"
        return Verdict(.failure, "the step wrote more than \(limits.logBytesMax) bytes")
    }

    private func close(
        _ note: inout StepNote,
        _ tail: LogTail,
        _ verdict: Verdict
    ) throws -> StepNote {
        var tail = tail
        try tail.log.seal()
        while try advance(&tail, note.index) {}
        note.logLength = tail.length
        note.logDigest = tail.digest
        return try finish(&note, verdict)
    }
}
