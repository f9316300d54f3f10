import Core
package import Docker
import Glibc
package import Logging
import Synchronization

/// Runs jobs in containers, and finds them again after a crash.
///
/// One process at a time uses a root folder; what it makes in the engine carries the folder's own
/// instance label.
package final class JobRunner: Sendable {
    /// Marks everything this runner ever made in the engine.
    package let instance: String
    let root: String
    let engine: DockerEngine
    let settings: JobRunnerSettings
    let watch: SpoolWatch
    let images: ImageShelf
    let logger: Logger
    /// The berths that must not be cleared away, by id.
    let living: Mutex<[String: BerthFolder]>
    let pool: WarmPool
    let caches: CacheStore
    let sharing: EngineSharing
    /// Held for as long as this object lives.
    private let lock: Descriptor

    package init(
        root: String,
        engine: DockerEngine,
        settings: JobRunnerSettings = JobRunnerSettings(),
        logger: Logger = Logger(label: "slipway.runner")
    ) throws {
        try Folder.createAll(root)
        try Folder.create("\(root)/berths")
        self.root = root
        self.engine = engine
        self.settings = settings
        self.logger = logger
        sharing = EngineSharing(logger: logger)
        lock = try Descriptor.open("\(root)/lock", O_RDWR | O_CREAT, mode: 0o600)
        guard Self.take(lock) else {
            throw JobRunnerError(
                code: .rootInUse,
                message:
                    "another slipway process runs jobs in \(root); stop it or use another --data"
            )
        }
        // Known from the start, so that nothing of theirs is cleared away before they are asked
        // for.
        let found = try Self.recovered(in: root, settings.run).berths
        living = Mutex(Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.folder) }))
        instance = try Self.instance(in: root)
        watch = try SpoolWatch()
        images = ImageShelf(engine: engine, pullPauses: settings.pullPauses)
        pool = WarmPool(settings: settings)
        caches = try CacheStore(folder: "\(root)/caches", limits: settings.caches)
    }

    /// A program that a runner before this one was just starting holds its lock until it runs: a
    /// moment, for which it is worth waiting.
    private static func take(_ lock: borrowing Descriptor) -> Bool {
        for _ in 0..<lockTries {
            if flock(lock.number, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(50_000)
        }
        return false
    }

    /// A second in all.
    private static let lockTries = 20

    /// The jobs an earlier process began and nobody released, finished or not.
    ///
    /// Each is to be run again, from where it stood, or released. One that cannot be read is named
    /// in `unreadable` and cleared away. To be asked once, before new jobs are moored.
    package func recover() throws -> (berths: [Berth], unreadable: [String]) {
        try Self.recovered(in: root, settings.run)
    }

    private static func recovered(
        in root: String,
        _ limits: RunLimits
    ) throws -> (berths: [Berth], unreadable: [String]) {
        let folder = try Descriptor.open("\(root)/berths", O_RDONLY | O_DIRECTORY)
        var berths: [Berth] = []
        var unreadable: [String] = []
        for name in try Folder.names(folder) {
            let place = BerthFolder(path: "\(root)/berths/\(name)")
            do {
                // Without an assignment it was warm, or never got as far as being one.
                guard let assignment = try place.assignment() else { continue }
                berths.append(try Berth(place, assignment, limits))
            } catch {
                unreadable.append("\(place.path): \(error)")
            }
        }
        return (berths, unreadable)
    }

    private static func instance(in root: String) throws -> String {
        let path = "\(root)/instance"
        if let known = try Folder.read(path), !known.isEmpty {
            return String(decoding: known, as: UTF8.self)
        }
        let new = randomName()
        try Folder.write(Array(new.utf8), to: path)
        return new
    }

    /// Makes a place for a job and writes its assignment down; nothing is sent anywhere yet.
    ///
    /// A warm berth is taken if the first command's image has one.
    package func moor(_ assignment: JobAssignment) throws -> Berth {
        let first = assignment.spec.steps.lazy.compactMap(\.image).first
        // A warm container has the usual limits and the usual network.
        let isUsual =
            assignment.spec.resources == Resources() && assignment.spec.services.isEmpty
        let folder = try (isUsual ? first.flatMap { pool.take($0) } : nil) ?? newFolder()
        try folder.keep(assignment)
        return try Berth(folder, assignment, settings.run)
    }

    func newFolder() throws -> BerthFolder {
        let folder = BerthFolder(path: "\(root)/berths/\(randomName())")
        living.withLock { $0[folder.id] = folder }
        do {
            try folder.create()
        } catch {
            living.withLock { $0[folder.id] = nil }
            throw error
        }
        return folder
    }

    /// Runs a job to its end, from wherever its berth says it had come.
    ///
    /// Steps that have ended are not run again, one that still runs is followed on. Cancelling the
    /// task only lets go: containers run on, `CancellationError` is thrown, and the job can be
    /// taken up again, by this process or the next. The berth stays until it is released. `tell`
    /// must return at once; it is called in order, from one task at a time for each step.
    package func run(
        _ berth: Berth,
        sources: any SourceProvider,
        actions: any StepActions,
        secrets: any SecretSource,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> JobOutcome {
        let run = JobRun(
            berth: berth,
            containers: try containers(of: berth.folder),
            services: services(of: berth.folder),
            images: images,
            watch: watch,
            limits: settings.run,
            sources: sources,
            actions: actions,
            secrets: secrets,
            caches: caches,
            tell: tell
        )
        let outcome = try await run.run()
        for image in try berth.folder.images() { pool.wish(for: image) }
        return outcome
    }

    /// How many started and unused containers wait for a job.
    package var warmCount: Int { pool.count }

    func containers(of folder: BerthFolder) throws -> ContainerSet {
        let spec = try folder.assignment()?.spec
        return try ContainerSet(
            folder,
            engine: engine,
            sharing: sharing,
            watch: watch,
            instance: instance,
            limits: settings.resources.narrowed(to: spec?.resources),
            network: ServiceSet.network(of: folder, spec)
        )
    }

    func services(of folder: BerthFolder) -> ServiceSet {
        ServiceSet(
            folder: folder,
            engine: engine,
            instance: instance,
            limits: settings.resources
        )
    }

    /// Stops a job: the step that runs gets TERM, time to end, KILL; then only `always()` steps.
    package func cancel(_ berth: Berth) throws { try stop(berth, .cancel) }

    /// Kills a job that belongs to somebody else by now; no further step runs.
    package func abandon(_ berth: Berth) throws { try stop(berth, .abandon) }

    private func stop(_ berth: Berth, _ wish: StopWish) throws {
        try berth.wishToStop(wish)
        watch.poke(berth.folder.spool)
    }

    /// Removes a berth's containers and its folder, once nobody needs its logs and files any more.
    ///
    /// What the engine refuses to remove now is cleared away later.
    package func release(_ berth: Berth) async {
        await clear(berth.folder)
    }
}

/// How a runner is set up.
package struct JobRunnerSettings: Sendable {
    package var run: RunLimits
    package var resources: ResourceLimits
    /// Waits between attempts to reach a registry.
    package var pullPauses: [Duration]
    /// Images for which a container waits; 0 for none.
    package var warmImagesMax: Int
    /// Seconds after which a warm container that nobody took is removed.
    package var warmIdleMax: Int
    /// Time between two reconciliations.
    package var reconcileEvery: Duration
    package var caches: CacheLimits

    package init(
        run: RunLimits = RunLimits(),
        resources: ResourceLimits = ResourceLimits(),
        pullPauses: [Duration] = [.seconds(2), .seconds(8), .seconds(20)],
        warmImagesMax: Int = 2,
        warmIdleMax: Int = 600,
        reconcileEvery: Duration = .seconds(60),
        caches: CacheLimits = CacheLimits()
    ) {
        self.run = run
        self.resources = resources
        self.pullPauses = pullPauses
        self.warmImagesMax = warmImagesMax
        self.warmIdleMax = warmIdleMax
        self.reconcileEvery = reconcileEvery
        self.caches = caches
    }
}

/// Sixteen hexadecimal digits nobody can guess.
private func randomName() -> String {
    var random = SystemRandomNumberGenerator()
    return hexadecimal((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) })
}

extension ResourceLimits {
    /// With what a job asks for in the place of what is usual.
    fileprivate func narrowed(to resources: Resources?) -> ResourceLimits {
        var limits = self
        if let memory = resources?.memory { limits.memory = memory.bytes }
        if let millicpu = resources?.millicpu { limits.processors = Double(millicpu) / 1_000 }
        return limits
    }
}
