import Core
import Docker
import Synchronization

/// Plug-in images without a shell: one `docker run` per step.
///
/// Nothing of ours can wait inside, so the program's output comes through the engine, and what
/// it writes while no worker listens is lost: such a step does not outlive its worker.
extension JobRun {
    /// Runs the program once, and watches it as the loop's steps are watched.
    func watchProgram(
        _ note: StepNote,
        _ tail: inout LogTail,
        _ step: StepSpec
    ) async throws -> TryEnd {
        guard let container = note.container, note.isNew else {
            if let container = note.container { await containers.discard(container) }
            return TryEnd(
                Verdict(
                    .exception,
                    "the worker was started again while an image without a shell ran"
                ),
                .broke
            )
        }
        let program = Program(container: container, image: try image(of: step))
        let file = try environmentFile(for: step, note.index)
        let log = try StepLog(path: berth.folder.log(of: note.index, kind: .run)) { _ in }
        // It ends with this function, one way or another.
        async let _ = run(program, file, log)
        let leash = try leash(of: note)
        var silence = Silence(limit: idleTimeout(of: note.index))
        for await _ in watch.signals(at: berth.folder.spool) {
            let end = program.end
            while try advance(&tail, note.index) {}
            silence.note(length: tail.length)
            if let end {
                await containers.discard(container)
                return try tryEnd(end)
            }
            guard let verdict = interruption(leash) ?? silence.verdict else { continue }
            await containers.discard(container)
            let isOfStep = leash.isOfStep || silence.verdict != nil
            return TryEnd(verdict, .timedOut, mayBeTriedAgain: isOfStep)
        }
        throw CancellationError()
    }

    private func run(_ program: Program, _ environmentFile: String, _ log: StepLog) async {
        do {
            let state = try await containers.run(
                programOf: program.image,
                as: program.container,
                environmentFile: environmentFile,
                outputMax: limits.logBytesMax,
                to: log.write
            )
            program.finish(.success(state))
        } catch {
            program.finish(.failure(error))
        }
        watch.poke(berth.folder.spool)
    }

    private func tryEnd(_ end: Result<ContainerState?, any Error>) throws -> TryEnd {
        switch end {
        case .failure(let error):
            try Task.checkCancellation()
            return TryEnd(Verdict(error), .broke)
        case .success(nil):
            return TryEnd(Verdict(.exception, "the step's container was removed"), .broke)
        case .success(let state?) where state.hasRunOutOfMemory:
            let reason = "the step's container ran out of memory and was killed"
            return TryEnd(Verdict(.failure, reason), .broke)
        case .success(let state?):
            var end = TryEnd(StepExit(code: state.exitCode))
            end.isContainerAlive = false
            return end
        }
    }

    /// The variables for the engine to read: what is in them, `docker inspect` shows.
    private func environmentFile(for step: StepSpec, _ index: Int) throws -> String {
        guard step.secrets.isEmpty else {
            throw JobRunnerError(
                code: .image,
                message: "the image of \(step.name) has no /bin/sh, so that its secrets could not "
                    + "be hidden from who may ask the engine; use an image with a shell"
            )
        }
        var text = ""
        for (name, value) in try environment(of: step, index).sorted(by: { $0.key < $1.key }) {
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
}

/// A program that runs in a container of its own, and how it ended.
private final class Program: Sendable {
    let container: Int
    let image: ReadyImage
    private let ended = Mutex<Result<ContainerState?, any Error>?>(nil)

    init(container: Int, image: ReadyImage) {
        self.container = container
        self.image = image
    }

    /// Nil while it runs.
    var end: Result<ContainerState?, any Error>? { ended.withLock { $0 } }

    func finish(_ end: Result<ContainerState?, any Error>) { ended.withLock { $0 = end } }
}
