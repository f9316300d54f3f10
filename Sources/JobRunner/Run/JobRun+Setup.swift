import Core
import Docker
import Glibc

extension JobRun {
    /// Brings source, images and the first container; begun again from the start if it was broken
    /// off, for no step has seen anything of it.
    func setUp(_ known: StepNote?) async throws -> StepNote {
        var note = try known ?? newNote(0)
        if known == nil { try begin(note) }
        let log = try ownLog(0)
        if known != nil {
            log.line("The worker was started again; so is the setup.")
            await containers.discardAll()
            if try containers.ferry.isUsed {
                // They hold the workspace.
                await services.removeAll(count: spec.services.count)
                await containers.ferry.remove()
            }
            try TreeRemoval.empty(berth.workspace)
        }
        // People count the attempts of the job, the worker those of its master.
        let number = berth.assignment.environment["CI_JOB_ATTEMPT"]
        log.line("Attempt \(number ?? "\(berth.assignment.attempt)") of job \(spec.name).")
        let begun = Moment.now
        let verdict = try await supervised(on: try leash(of: note)) {
            try await prepare(log)
            return .success
        }
        if let reason = verdict.reason {
            log.line(reason)
        } else {
            log.line("Ready after \(begun.age) ms.")
        }
        return try finishOwn(&note, verdict, log)
    }

    /// The source comes while the engine starts the first container.
    private func prepare(_ log: StepLog) async throws {
        try tellSecrets(log)
        if let about = berth.assignment.about { try berth.folder.keepContext(about) }
        guard spec.services.isEmpty else { return try await prepareWithServices(log) }
        async let sourced: Void = populate(log)
        let wanted = spec.steps.compactMap(\.image).uniqued()
        var ready: [ReadyImage] = []
        for source in wanted where !source.isFolder {
            let image = try await images.ready(source, in: berth.workspace, log: log)
            ready.append(image)
            if source == firstImage { try await startFirst(image, log) }
        }
        try await sourced
        for source in wanted where source.isFolder {
            let image = try await images.ready(source, in: berth.workspace, log: log)
            ready.append(image)
            if source == firstImage { try await startFirst(image, log) }
        }
        try await containers.ferry.load()
        try berth.folder.keep(ready)
    }

    /// The source, and over it what caches have of earlier jobs.
    private func populate(_ log: StepLog) async throws {
        try await sources.populate(berth, log: log)
        try await restoreCaches(log)
    }

    /// One after the other: the first container needs the network, which begins with the services.
    private func prepareWithServices(_ log: StepLog) async throws {
        try await populate(log)
        var ready: [ReadyImage] = []
        for source in spec.steps.compactMap(\.image).uniqued() {
            ready.append(try await images.ready(source, in: berth.workspace, log: log))
        }
        var served: [ReadyImage] = []
        for source in spec.services.compactMap(\.image) {
            served.append(try await images.ready(source, in: berth.workspace, log: log))
        }
        try await start(services: served, log)
        if let first = ready.first(where: { $0.source == firstImage }) {
            try await startFirst(first, log)
        }
        try await services.waitUntilHealthy(spec.services, log: log)
        try berth.folder.keep(ready)
    }

    /// What services see when they start, steps see too: the source is there.
    private func start(services images: [ReadyImage], _ log: StepLog) async throws {
        try await containers.loadIfApart(with: images[0])
        do {
            try await services.start(spec.services, images: images, log: log)
        } catch let error as DockerError where error.code == .notShared {
            containers.sharing.noteApart()
            try await containers.loadIfApart(with: images[0])
            try await services.start(spec.services, images: images, log: log)
        }
    }

    /// Of the first step that has commands; a plug-in's image may have no shell to wait in.
    private var firstImage: ImageSource? {
        spec.steps.first { $0.action != .plugin && $0.image != nil }?.image
    }

    private func startFirst(_ image: ReadyImage, _ log: StepLog) async throws {
        let begun = Moment.now
        _ = try await containers.container(for: image)
        log.line("Container of \(image.reference) is ready after \(begun.age) ms.")
    }

    // MARK: Steps that are no commands

    func perform(_ step: StepSpec, _ index: Int, _ known: StepNote?) async throws -> StepNote {
        var note = try known ?? newNote(index)
        if known == nil { try begin(note) }
        let log = try ownLog(index)
        if known != nil { log.line("The worker was started again; so is this step.") }
        let verdict = try await supervised(on: try leash(of: note)) {
            let action = try step.action.folded(with: try names(for: step, index))
            try await fetch(for: action)
            let verdict = try await actions.perform(action, step: index, in: berth, log: log)
            try await push(after: action)
            return verdict
        }
        if let reason = verdict.reason { log.line(reason) }
        return try finishOwn(&note, verdict, log)
    }

    private func ownLog(_ index: Int) throws -> StepLog {
        let path = berth.folder.log(of: index, kind: berth.kind(of: index))
        return try StepLog(path: path) { length in tell(.output(step: index, length: length)) }
    }

    private func finishOwn(
        _ note: inout StepNote,
        _ verdict: Verdict,
        _ log: StepLog
    ) throws -> StepNote {
        var tail = LogTail(try berth.log(of: note.index))
        try tail.log.seal()
        while try tail.advance() {}
        note.logLength = tail.length
        note.logDigest = tail.digest
        if let failure = log.failure { note.logGap = "the worker's disk: \(failure.message)" }
        return try finish(&note, verdict)
    }
}

extension ImageSource {
    fileprivate var isFolder: Bool {
        switch self {
        case .reference: false
        case .folder: true
        }
    }
}

extension Array where Element: Hashable {
    /// The elements in their order, each only where it comes first.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
