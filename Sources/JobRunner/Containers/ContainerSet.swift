import Core
import Docker
import Glibc
import Synchronization

/// The containers of one berth: at most one living per image.
final class ContainerSet: Sendable {
    let folder: BerthFolder
    let engine: DockerEngine
    let sharing: EngineSharing
    let ferry: Ferry
    private let watch: SpoolWatch
    let instance: String
    private let limits: ResourceLimits
    private let network: NetworkMode
    private let notes: Mutex<[ContainerNote]>

    init(
        _ folder: BerthFolder,
        engine: DockerEngine,
        sharing: EngineSharing,
        watch: SpoolWatch,
        instance: String,
        limits: ResourceLimits,
        network: NetworkMode
    ) throws {
        self.folder = folder
        self.engine = engine
        self.sharing = sharing
        ferry = Ferry(folder: folder, engine: engine, instance: instance)
        self.watch = watch
        self.instance = instance
        self.limits = limits
        self.network = network
        notes = Mutex(try folder.containers())
    }

    /// Seconds a loop may take from its container's start until it reads.
    static let readyMax = 30

    /// The number of a container of this image that waits for steps, made if there is none.
    func container(for image: ReadyImage) async throws -> Int {
        let known = notes.withLock { $0.last { $0.image.id == image.id && !$0.isGone } }
        if let known {
            if try await isWaiting(known.ordinal) { return known.ordinal }
            await discard(known.ordinal)
        }
        return try await launch(image)
    }

    /// Notes a container before the engine is asked for it.
    func number(for image: ReadyImage) throws -> Int {
        try notes.withLock { notes in
            let note = ContainerNote(ordinal: notes.count, image: image)
            try folder.keep(notes + [note])
            notes.append(note)
            return note.ordinal
        }
    }

    private func isWaiting(_ ordinal: Int) async throws -> Bool {
        if try ferry.isUsed { return try await inspect(ordinal)?.isRunning == true }
        return try isReady(ordinal) && feed(ordinal) != nil
    }

    private func launch(_ image: ReadyImage) async throws -> Int {
        if try !sharing.isApart && !ferry.isUsed {
            do {
                return try await launchHere(image)
            } catch let error as DockerError where error.code == .notShared {
                sharing.noteApart()
            }
        }
        try await ferry.open(with: image)
        return try await launchApart(image)
    }

    /// Where the engine sees our files, which it shows by the loop's own.
    private func launchHere(_ image: ReadyImage) async throws -> Int {
        let ordinal = try number(for: image)
        guard mkfifo(fifo(ordinal), 0o600) == 0 else {
            throw JobRunnerError.system("make the FIFO", fifo(ordinal), errno: errno)
        }
        do {
            _ = try await engine.launch(try spec(ordinal, image))
            try await waitUntilReady(ordinal)
        } catch {
            await discard(ordinal)
            throw error
        }
        return ordinal
    }

    func spec(_ ordinal: Int, _ image: ReadyImage) throws -> ContainerSpec {
        ContainerSpec(
            name: name(ordinal),
            image: try ImageReference(image.reference),
            entrypoint: "/bin/sh",
            command: ["-c", StepLoop.text, "sh", "\(ordinal)"],
            labels: [
                JobRunnerLabel.instance: instance,
                JobRunnerLabel.berth: folder.id,
                JobRunnerLabel.container: name(ordinal),
            ],
            mounts: try ferry.mounts,
            workdir: "/workspace",
            network: network,
            limits: limits
        )
    }

    private func waitUntilReady(_ ordinal: Int) async throws {
        let begun = Moment.now
        var nextLook = begun.after(seconds: 1)
        var signals = watch.signals(at: folder.spool).makeAsyncIterator()
        while !isReady(ordinal) {
            guard begun.age < Self.readyMax * 1_000 else { throw notReady() }
            if nextLook < .now {
                nextLook = .now.after(seconds: 1)
                let state = try await inspect(ordinal)
                if let state, state.isSettled, !isReady(ordinal) {
                    throw notReady(after: state.exitCode)
                }
            }
            guard await signals.next() != nil else { throw CancellationError() }
        }
    }

    func notReady(after code: Int? = nil) -> JobRunnerError {
        switch code {
        case nil:
            JobRunnerError(
                code: .image,
                message: "the container was started, but its /bin/sh did not run"
            )
        case 127:
            JobRunnerError(
                code: .noShell,
                message: "the image has no /bin/sh, which steps with 'run' need"
            )
        case let code?:
            JobRunnerError(
                code: .image,
                message: "the container's /bin/sh ended at once with exit code \(code)"
            )
        }
    }

    private func isReady(_ ordinal: Int) -> Bool {
        access("\(folder.spool)/\(ordinal).ready", F_OK) == 0
    }

    /// Connects to a container's loop; nil when it is gone.
    func feed(_ ordinal: Int) throws(JobRunnerError) -> StepFeed? {
        try StepFeed.connect(fifo(ordinal))
    }

    /// What the engine says about a container.
    func inspect(_ ordinal: Int) async throws -> ContainerState? {
        try await engine.inspect(name(ordinal))
    }

    /// Sends TERM to all processes of a container but its loop's own.
    ///
    /// It needs a free process number inside; after a fork bomb only the kill helps.
    func terminate(_ ordinal: Int) async {
        let command = ["/bin/sh", "-c", "kill -TERM -1"]
        _ = try? await engine.execute(command, in: name(ordinal), within: .seconds(5))
    }

    /// Kills and removes a container; if the engine refuses now, the reconciliation does it later.
    func discard(_ ordinal: Int) async {
        try? await engine.remove(name(ordinal))
        notes.withLock { notes in
            notes[ordinal].isGone = true
            try? folder.keep(notes)
        }
    }

    /// Kills and removes all of them.
    func discardAll() async {
        let living = notes.withLock { $0.filter { !$0.isGone }.map(\.ordinal) }
        await withDiscardingTaskGroup { group in
            for ordinal in living { group.addTask { await self.discard(ordinal) } }
        }
    }

    func fifo(_ ordinal: Int) -> String { "\(folder.spool)/\(ordinal).in" }

    func name(_ ordinal: Int) -> String { folder.containerName(ordinal) }
}

/// The labels on everything we make in the engine.
package enum JobRunnerLabel {
    package static let instance = "slipway.instance"
    package static let berth = "slipway.berth"
    /// The container's own name, for listings that tell labels only.
    package static let container = "slipway.container"
}
