import Core
import Docker

extension JobRun {
    /// Runs a command in its image's container, or goes on with one that is running there.
    func run(_ step: StepSpec, _ index: Int, _ known: StepNote?) async throws -> StepNote {
        var note = try known ?? newNote(index)
        do {
            if known == nil {
                let hasSecrets = !step.secrets.isEmpty
                let prelude = try StepLoop.prelude(
                    index,
                    environment: try environment(of: step, index),
                    shell: step.action == .plugin ? nil : step.shell,
                    hasSecrets: hasSecrets
                )
                let script = try await script(of: step)
                try await choose(containerOf: &note, step)
                note.inode = try berth.folder.prepare(
                    index,
                    script: script,
                    prelude: prelude,
                    hasSecrets: hasSecrets
                )
                try await containers.ferry.load()
                note.startedAt = .now
                try begin(note)
            }
            return try await follow(&note, step)
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

    /// A container with a loop in it, or the number of one for the image's own program.
    private func choose(containerOf note: inout StepNote, _ step: StepSpec) async throws {
        if note.isProgram != true {
            do {
                note.container = try await container(for: step)
                return
            } catch let error as JobRunnerError
                where error.code == .noShell && step.action == .plugin
            {
                note.isProgram = true
            }
        }
        note.container = try await makeProgram(step, note.index)
    }

    private func container(for step: StepSpec) async throws -> Int {
        try await containers.container(for: try image(of: step))
    }

    func image(of step: StepSpec) throws -> ReadyImage {
        guard let image = try berth.folder.images().first(where: { $0.source == step.image }) else {
            throw JobRunnerError(code: .image, message: "the step \(step.name) has no image")
        }
        return image
    }

    /// What the step's shell runs: the step's own text, or the program a plug-in's image is for.
    private func script(of step: StepSpec) async throws -> String {
        if case .run(let script) = step.action { return script }
        let image = try image(of: step)
        let words = try await images.program(of: image)
        guard !words.isEmpty else {
            throw JobRunnerError(
                code: .image,
                message: "the image \(image.reference) names no program to run; "
                    + "a step without 'run' needs an image with an entrypoint"
            )
        }
        return "exec " + words.map(StepLoop.quoted).joined(separator: " ") + "\n"
    }

    func environment(of step: StepSpec, _ index: Int) throws -> [String: String] {
        var environment = berth.assignment.environment
        environment["CI_STEP_NAME"] = step.name
        environment["CI_WORKSPACE"] = "/workspace"
        for file in StepFile.allCases {
            for name in file.variables {
                environment[name] = "\(StepLoop.spool)/\(index).\(file.rawValue)"
            }
        }
        environment["CI_CONTEXT"] = "\(StepLoop.spool)/context.json"
        for (axis, value) in spec.matrix {
            environment["CI_MATRIX_\(Self.variable(of: axis))"] = value
        }
        environment.merge(try step.environment(with: try names(for: step, index))) { $1 }
        // A step sets a variable because it wants the later ones to see it.
        return environment.merging(set(by: try notes(before: index))) { $1 }
    }

    /// `SWIFT_VERSION` of `swift-version`.
    private static func variable(of axis: String) -> String {
        axis.uppercased().replacing("-", with: "_")
    }

    /// Watches a step until it has ended, one way or another, and tries it again where it says so.
    private func follow(_ note: inout StepNote, _ step: StepSpec) async throws -> StepNote {
        var tail = LogTail(try berth.log(of: note.index))
        while true {
            let end = try await watch(&note, &tail, step)
            note.exitCode = end.exit?.code
            let isOver = berth.stopWish != nil || note.isAfterwards || !end.mayBeTriedAgain
            let tries = note.tries ?? 1
            guard isRetried(step, after: end.ending, tries: tries, isCancelled: isOver) else {
                return try close(&note, tail, verdict(of: step, end))
            }
            note.tries = tries + 1
            if !end.isContainerAlive { try await choose(containerOf: &note, step) }
            note.startedAt = .now
            try berth.folder.keep(note)
            let why = end.reason ?? "exit code \(end.exit?.code ?? -1)"
            let line = "--- try \(tries) ended with \(why); this is try \(tries + 1) ---"
            let hasSecrets = !step.secrets.isEmpty
            try berth.folder.prepareAgain(note.index, saying: line, hasSecrets: hasSecrets)
            if try containers.ferry.isUsed, note.isProgram != true, let container = note.container {
                try await containers.ferry.prepareAgain(
                    note.index,
                    in: container,
                    saying: line,
                    hasSecrets: hasSecrets
                )
            }
        }
    }

    /// Watches one try of a step.
    private func watch(
        _ note: inout StepNote,
        _ tail: inout LogTail,
        _ step: StepSpec
    ) async throws -> TryEnd {
        if note.isProgram == true { return try await watchProgram(&note, &tail, step) }
        guard let container = note.container else {
            throw JobRunnerError(code: .damaged, message: "the step's container is not known")
        }
        if try containers.ferry.isUsed {
            return try await watchFerried(&note, &tail, step, in: container)
        }
        let feed = try containers.feed(container)
        try feed?.send(note.index)
        let hasSecrets = try await giveSoon(secretsTo: step, note.index)
        return try await watch(&note, &tail, step, in: container, over: feed, hasSecrets)
    }

    /// Watches a try that has been asked for, for as long as its loop can be seen.
    func watch(
        _ note: inout StepNote,
        _ tail: inout LogTail,
        _ step: StepSpec,
        in container: Int,
        over link: (any LoopLink)?,
        _ hasSecrets: Bool
    ) async throws -> TryEnd {
        let leash = try leash(of: note)
        var hasSecrets = hasSecrets
        var signals = watch.signals(at: berth.folder.spool).makeAsyncIterator()
        var silence = Silence(limit: idleTimeout(of: note.index))
        while true {
            if !hasSecrets { hasSecrets = try give(secretsTo: step, note.index) }
            silence.note(length: tail.length)
            let isAlive = link?.isRead ?? false
            // The code before the output: what the step wrote is then in the file for sure.
            let exit = try berth.folder.exit(of: note.index)
            if try advance(&tail, note.index) { continue }
            if let exit { return TryEnd(exit) }
            if try tail.log.isOverLimit() {
                let verdict = overLimit(&note)
                try await stop(note.index, grace: 0, in: container, link)
                return TryEnd(verdict, .broke, mayBeTriedAgain: false)
            }
            if let verdict = interruption(leash) ?? silence.verdict {
                let grace = berth.stopWish == .abandon ? 0 : limits.grace
                try await stop(note.index, grace: grace, in: container, link)
                let exit = try berth.folder.exit(of: note.index)
                let isOfStep = leash.isOfStep || silence.verdict != nil
                return TryEnd(verdict, .timedOut, exit, mayBeTriedAgain: isOfStep)
            }
            guard isAlive else { return try await vanished(note.index, from: container) }
            guard await signals.next() != nil else { throw CancellationError() }
        }
    }

    func idleTimeout(of step: Int) -> TimeSpan? {
        spec.steps[step - 1].idleTimeout ?? spec.idleTimeout
    }

    /// Takes new output and tells of it; true when there is more at once.
    func advance(_ tail: inout LogTail, _ index: Int) throws -> Bool {
        let length = tail.length
        let hasMore = try tail.advance()
        if tail.length > length { tell(.output(step: index, length: tail.length)) }
        return hasMore
    }

    // MARK: How a step ends

    /// What the end of its last try means for a step.
    private func verdict(of step: StepSpec, _ end: TryEnd) -> Verdict {
        if let verdict = end.verdict { return verdict }
        let result = Core.verdict(of: step, on: end.ending)
        return Verdict(result, result == .success ? nil : end.reason)
    }

    /// TERM, time to end, then KILL for the whole container.
    private func stop(
        _ index: Int,
        grace: Int,
        in container: Int,
        _ link: (any LoopLink)?
    ) async throws {
        if grace > 0 { try await letEnd(index, within: grace, in: container) }
        await containers.discard(container)
        await link?.settle()
        try Task.checkCancellation()
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
    private func vanished(_ index: Int, from container: Int) async throws -> TryEnd {
        // The code may have come between looking for it and looking for the loop.
        if let exit = try berth.folder.exit(of: index) { return TryEnd(exit) }
        let verdict = await causeOfDeath(of: container)
        await containers.discard(container)
        try Task.checkCancellation()
        return TryEnd(verdict, .broke)
    }

    private func causeOfDeath(of container: Int) async -> Verdict {
        do {
            guard let state = try await settledState(of: container) else {
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

    /// What the engine says of a dead container once it is done with it, within a limit; nil when
    /// it is gone.
    ///
    /// The loop's end is seen before the engine's own notes of it, and a removal kills first: the
    /// first answer may still be that it runs, or was killed.
    private func settledState(of container: Int) async throws -> ContainerState? {
        let end = Moment.now.after(seconds: 5)
        while let state = try await containers.inspect(container) {
            if state.isSettled || end <= .now { return state }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    func overLimit(_ note: inout StepNote) -> Verdict {
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
        return try finish(&note, try taken(&note, verdict))
    }

    /// The verdict, after what the step wrote into its files was read; nonsense there fails it.
    private func taken(_ note: inout StepNote, _ verdict: Verdict) throws -> Verdict {
        var told = StepTold()
        do throws(JobRunnerError) {
            for file in StepFile.allCases {
                let text = try berth.folder.text(of: file, step: note.index)
                try told.take(try berth.secrets().masks.hidden(text), of: file)
            }
        } catch {
            return verdict.result.isGreen ? Verdict(.failure, error.message) : verdict
        }
        if told != StepTold() { note.told = told }
        return verdict
    }
}
