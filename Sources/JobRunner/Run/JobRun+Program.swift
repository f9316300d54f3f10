import Core
import Docker
import Synchronization

/// Plug-in images without a shell: one container per step, whose main process is the program.
///
/// Nothing of ours can wait inside, so the engine keeps what the program writes, and it is read
/// from there by offset. The container is made before the step is noted as begun and started
/// after, so that whoever comes next knows whether it ever ran.
extension JobRun {
    /// Makes the container of a program and gives its number.
    func makeProgram(_ step: StepSpec, _ index: Int) async throws -> Int {
        let image = try image(of: step)
        var environment = try environment(of: step, index)
        let secrets = try secretFolder(for: step, index)
        environment.merge(secrets?.paths ?? [:]) { $1 }
        let file = try environmentFile(environment, for: step, index)
        return try await containers.make(
            programOf: image,
            environmentFile: file,
            logBytesMax: limits.logBytesMax,
            mounts: secrets.map { [$0.mount] } ?? []
        )
    }

    /// Starts the program unless it runs already, and watches it as the loop's steps are watched.
    func watchProgram(
        _ note: inout StepNote,
        _ tail: inout LogTail,
        _ step: StepSpec
    ) async throws -> TryEnd {
        guard let container = note.container, let state = try await containers.inspect(container)
        else {
            let reason = "the step's container was removed by somebody else"
            return TryEnd(Verdict(.exception, reason), .broke)
        }
        if state.status == .created { try await containers.start(container) }
        let program = Program(container: container)
        let log = try StepLog(path: berth.folder.log(of: note.index, kind: .run)) { _ in }
        // It ends with this function, one way or another.
        async let _ = hear(program, log)
        let leash = try leash(of: note)
        var silence = Silence(limit: idleTimeout(of: note.index))
        for await _ in watch.signals(at: berth.folder.spool) {
            let end = program.end
            while try advance(&tail, note.index) {}
            silence.note(length: tail.length)
            if try tail.log.isOverLimit() {
                await containers.discard(container)
                return TryEnd(overLimit(&note), .broke, mayBeTriedAgain: false)
            }
            if let end {
                if try containers.ferry.isUsed {
                    try await containers.ferry.takeTold(by: note.index)
                }
                await containers.discard(container)
                if end.longestLine >= Self.pieceBytes {
                    note.logGap =
                        "the engine cuts lines into pieces of \(Self.pieceBytes) bytes, and may "
                        + "have lost the newline behind one that is longer"
                }
                return tryEnd(end.state)
            }
            guard let verdict = interruption(leash) ?? silence.verdict else { continue }
            await containers.discard(container)
            let isOfStep = leash.isOfStep || silence.verdict != nil
            return TryEnd(verdict, .timedOut, mayBeTriedAgain: isOfStep)
        }
        throw CancellationError()
    }

    /// What the engine's log driver takes of a line at once.
    private static var pieceBytes: Int { 16_384 }

    /// Adds what the engine has kept to the log until the program has ended and all of it is there.
    private func hear(_ program: Program, _ log: StepLog) async {
        while !Task.isCancelled {
            do {
                let state = try await containers.inspect(program.container)
                let isOver = state?.isRunning != true
                var longest = 0
                if state != nil {
                    longest = try await containers.log(
                        of: program.container,
                        follows: !isOver,
                        to: log
                    )
                }
                if isOver {
                    program.finish(state, longestLine: longest)
                    break
                }
            } catch let error as DockerError where error.code == .outputTooLong {
                break
            } catch {
                // An engine that is away for a while tells nothing about the program.
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
        watch.poke(berth.folder.spool)
    }

    private func tryEnd(_ state: ContainerState?) -> TryEnd {
        guard let state else {
            return TryEnd(Verdict(.exception, "the step's container was removed"), .broke)
        }
        if state.hasRunOutOfMemory {
            let reason = "the step's container ran out of memory and was killed"
            return TryEnd(Verdict(.failure, reason), .broke)
        }
        var end = TryEnd(StepExit(code: state.exitCode))
        end.isContainerAlive = false
        return end
    }

    /// The variables for the engine to read: what is in them, `docker inspect` shows.
    private func environmentFile(
        _ environment: [String: String],
        for step: StepSpec,
        _ index: Int
    ) throws -> String {
        var text = ""
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            // A commit's message is no reason to fail; a setting that cannot arrive is one.
            if value.utf8.contains(0x0A) {
                guard step.environment[name] == nil else {
                    throw JobRunnerError(
                        code: .unsafe,
                        message: "\(name) has several lines, which an image without a shell "
                            + "cannot be given"
                    )
                }
                continue
            }
            text += "\(name)=\(value)\n"
        }
        return try berth.folder.keepEnvironment(text, of: "step-\(index)")
    }

    /// The step's secrets as files in this machine's memory; nil where it asks for none.
    private func secretFolder(for step: StepSpec, _ index: Int) throws -> SecretFolder? {
        if step.secrets.isEmpty { return nil }
        for request in step.secrets where request.form == .env {
            throw JobRunnerError(
                code: .image,
                message: "\(request.variable) of the step \(step.name) is a secret in a variable, "
                    + "and its image has no /bin/sh: whoever may ask the engine would see it; "
                    + "write 'as: file', or use an image with a shell"
            )
        }
        guard try !containers.ferry.isUsed, !containers.sharing.isApart else {
            throw JobRunnerError(
                code: .image,
                message: "the step \(step.name) has secrets, and its image has no /bin/sh: on a "
                    + "Docker engine that does not see this machine's files they would lie on "
                    + "its disk; use an image with a shell"
            )
        }
        let folder = try SecretFolder(
            of: berth.folder,
            instance: containers.instance,
            index,
            names: step.secrets.map(\.variable)
        )
        try folder.write(try berth.secrets().files(for: step))
        return folder
    }
}

/// A program that runs in a container of its own, and how it ended.
private final class Program: Sendable {
    let container: Int
    private let ended = Mutex<End?>(nil)

    struct End {
        /// Nil: its container is gone.
        var state: ContainerState?
        /// Bytes.
        var longestLine: Int
    }

    init(container: Int) {
        self.container = container
    }

    /// Nil while it runs.
    var end: End? { ended.withLock { $0 } }

    func finish(_ state: ContainerState?, longestLine: Int) {
        ended.withLock { $0 = End(state: state, longestLine: longestLine) }
    }
}
