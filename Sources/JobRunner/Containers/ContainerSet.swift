import Core
import Docker
import Glibc
import Synchronization

/// The containers of one berth: at most one living per image.
final class ContainerSet: Sendable {
    let folder: BerthFolder
    private let engine: DockerEngine
    private let watch: SpoolWatch
    private let instance: String
    private let limits: ResourceLimits
    private let network: NetworkMode
    private let notes: Mutex<[ContainerNote]>

    init(
        _ folder: BerthFolder,
        engine: DockerEngine,
        watch: SpoolWatch,
        instance: String,
        limits: ResourceLimits,
        network: NetworkMode
    ) throws {
        self.folder = folder
        self.engine = engine
        self.watch = watch
        self.instance = instance
        self.limits = limits
        self.network = network
        notes = Mutex(try folder.containers())
    }

    /// Seconds a loop may take from its container's start until it reads.
    private static let readyMax = 30

    /// The number of a container of this image that waits for steps, made if there is none.
    func container(for image: ReadyImage) async throws -> Int {
        let known = notes.withLock { $0.last { $0.image.id == image.id && !$0.isGone } }
        if let known {
            if isReady(known.ordinal), try feed(known.ordinal) != nil { return known.ordinal }
            await discard(known.ordinal)
        }
        return try await launch(image)
    }

    private func launch(_ image: ReadyImage) async throws -> Int {
        let ordinal = try notes.withLock { notes in
            let note = ContainerNote(ordinal: notes.count, image: image)
            try folder.keep(notes + [note])
            notes.append(note)
            return note.ordinal
        }
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

    private func spec(_ ordinal: Int, _ image: ReadyImage) throws -> ContainerSpec {
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
            mounts: [
                .bind(source: folder.workspace, target: "/workspace"),
                .bind(source: folder.spool, target: StepLoop.spool),
            ],
            workdir: "/workspace",
            network: network,
            limits: limits
        )
    }

    private func waitUntilReady(_ ordinal: Int) async throws {
        let deadline = Moment.now.after(seconds: Self.readyMax)
        var signals = watch.signals(at: folder.spool).makeAsyncIterator()
        while !isReady(ordinal) {
            guard Moment.now < deadline else {
                throw JobRunnerError(
                    code: .image,
                    message: "the container was started, but its /bin/sh did not run"
                )
            }
            guard await signals.next() != nil else { throw CancellationError() }
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

    private func fifo(_ ordinal: Int) -> String { "\(folder.spool)/\(ordinal).in" }

    private func name(_ ordinal: Int) -> String { folder.containerName(ordinal) }
}

/// The labels on everything we make in the engine.
package enum JobRunnerLabel {
    package static let instance = "slipway.instance"
    package static let berth = "slipway.berth"
    /// The container's own name, for listings that tell labels only.
    package static let container = "slipway.container"
}
