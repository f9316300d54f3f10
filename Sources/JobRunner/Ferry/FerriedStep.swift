import Core
import Docker
import Glibc
import Synchronization

/// Follows one try of a step in a container whose spool folder cannot be seen from here.
///
/// What the step writes there it adds to the files here, at the offsets they have there, so that
/// everything else reads them as if they were shared. Where it breaks off, whoever comes next goes
/// on from what is here. The exit file comes last.
final class FerriedStep: LoopLink {
    private let step: Int
    private let ordinal: Int
    private let ferry: Ferry
    private let watch: SpoolWatch
    private let outputMax: Int
    /// What the step's shell reads first; nil: nothing.
    private let secrets: [UInt8]?
    private let state = Mutex(State())
    private let over: AsyncStream<Never>
    private let end: AsyncStream<Never>.Continuation

    private struct State {
        var isOver = false
        var gap: String?
        var problem: JobRunnerError?
    }

    init(
        _ step: Int,
        in ordinal: Int,
        _ ferry: Ferry,
        watch: SpoolWatch,
        outputMax: Int,
        secrets: [UInt8]?
    ) {
        self.step = step
        self.ordinal = ordinal
        self.ferry = ferry
        self.watch = watch
        self.outputMax = outputMax
        self.secrets = secrets
        (over, end) = AsyncStream.makeStream()
    }

    /// Whether more may come.
    var isRead: Bool { !state.withLock { $0.isOver } }

    /// What is missing here of what the step has written there; nil when nothing is.
    var gap: String? { state.withLock { $0.gap } }

    /// Why the step cannot be started or followed; nil when it can.
    var problem: JobRunnerError? { state.withLock { $0.problem } }

    /// Waits until nothing more can come.
    func settle() async {
        for await _ in over {}
    }

    /// Follows the step to its end, or to the end of its container.
    func run() async {
        var pause = Duration.milliseconds(50)
        while !Task.isCancelled {
            do {
                try await converse()
                break
            } catch let error as JobRunnerError {
                state.withLock { $0.problem = error }
                break
            } catch {
                // That a conversation broke off says nothing of the step.
            }
            if await isContainerGone() {
                await takeRest()
                break
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
        }
        state.withLock { $0.isOver = true }
        end.finish()
        watch.poke(ferry.folder.spool)
    }

    private func isContainerGone() async -> Bool {
        do {
            return try await ferry.engine.inspect(container)?.isRunning != true
        } catch {
            // An engine that is away for a while tells nothing.
            return false
        }
    }

    private var container: String { ferry.folder.containerName(ordinal) }

    private func converse() async throws {
        try await ferry.engine.converse(
            with: SpoolShell.command,
            in: container,
            patience: SpoolShell.patience
        ) { conversation in
            let shell = SpoolShell(conversation)
            try await self.begin(shell)
            try await self.follow(shell)
        }
    }

    /// Puts everything in place and starts the step, unless somebody has done so before.
    private func begin(_ shell: SpoolShell) async throws {
        if try await !shell.has("\(step).put") {
            if secrets != nil { try await shell.makeFIFO("\(step).secrets") }
            for file in StepFile.allCases {
                try await shell.put([], as: "\(step).\(file.rawValue)")
            }
            for ending in ["run", "sh"] {
                let text = try Folder.read("\(ferry.folder.spool)/\(step).\(ending)") ?? []
                try await shell.put(text, as: "\(step).\(ending)")
            }
            try await shell.put([], as: "\(step).put")
        }
        try await shell.start(step, by: "\(ordinal).in")
        if let secrets, try await shell.has("\(step).secrets") {
            try await shell.give(secrets, to: "\(step).secrets")
        }
    }

    private func follow(_ shell: SpoolShell) async throws {
        let output = try SpoolCopy(ferry.folder, step, outputMax: outputMax)
        var pause = Duration.milliseconds(10)
        while true {
            // The code before the output: what the step wrote is then there for sure.
            let exit = try await shell.read("\(step).exit", at: 0, count: StepExit.lengthMax + 1)
            let isEnded = exit.last == UInt8(ascii: "\n")
            let bytes = output.hasRoom ? try await shell.read("\(step).out", at: output.length) : []
            if !bytes.isEmpty {
                try output.add(bytes)
                pause = .milliseconds(10)
            } else if isEnded {
                for file in StepFile.allCases {
                    let text = try await told(file, shell)
                    try output.replace(file.rawValue, with: text)
                }
                return try output.replace("exit", with: exit)
            } else {
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .milliseconds(160))
            }
        }
    }

    private func told(_ file: StepFile, _ shell: SpoolShell) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= StepFile.bytesMax {
            let more = try await shell.read("\(step).\(file.rawValue)", at: bytes.count)
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }

    /// Takes what a container has left that has ended, in whatever way.
    private func takeRest() async {
        do {
            try await ferry.takeRest(of: step, outputMax: outputMax)
        } catch {
            state.withLock { $0.gap = "its end could not be fetched from the engine: \(error)" }
        }
    }
}
