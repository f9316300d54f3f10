import Core
import Docker
import Glibc
import Logging
import Synchronization

extension JobRunner {
    /// Keeps order until its task is cancelled: removes what has no job, and warms containers.
    ///
    /// Warm containers go with it; those of jobs stay.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    await self.reconcile()
                    await self.tend()
                    try? await Task.sleep(for: self.settings.reconcileEvery)
                }
            }
            group.addTask {
                for await _ in self.pool.wishes { await self.tend() }
            }
        }
        // Unstructured, because a cancelled task could not ask the engine for anything any more.
        await Task {
            for folder in self.pool.takeAll() { await self.clear(folder) }
            // One that was being made when the task was cancelled is in no pool yet.
            await self.reconcile()
        }.value
    }

    /// Removes every container, volume and network of ours, and every folder, that has no job.
    package func reconcile() async {
        for kind in LabelledKind.allCases {
            let key = kind == .container ? JobRunnerLabel.container : JobRunnerLabel.berth
            do {
                let found = try await engine.list(
                    kind,
                    label: JobRunnerLabel.instance,
                    value: instance,
                    telling: key
                )
                // Asked after the engine: what was made since is then known to live.
                let wanted = names(of: kind)
                for object in found where !wanted.contains(object.value) {
                    logger.info("removing \(object.value), a \(kind.rawValue) without a job")
                    try await engine.remove(object)
                }
            } catch {
                logger.warning("a \(kind.rawValue) could not be cleared away: \(error)")
            }
        }
        removeFolders()
    }

    /// What may stay, by the label's value.
    private func names(of kind: LabelledKind) -> Set<String> {
        let folders = living.withLock { Array($0.values) }
        switch kind {
        case .container:
            return Set(
                folders.flatMap { folder in
                    let served = ((try? folder.assignment())??.spec.services ?? []).indices
                    return ((try? folder.containers()) ?? []).filter { !$0.isGone }
                        .map { folder.containerName($0.ordinal) }
                        + [folder.ferryName]
                        + served.map { ServiceSet.containerName(of: $0, in: folder) }
                }
            )
        case .volume, .network:
            return Set(folders.map(\.id))
        }
    }

    private func removeFolders() {
        do {
            let folder = try Descriptor.open("\(root)/berths", O_RDONLY | O_DIRECTORY)
            for name in try Folder.names(folder)
            where living.withLock({ $0[name] == nil }) {
                try TreeRemoval.remove("\(root)/berths/\(name)")
            }
        } catch {
            logger.warning("a folder could not be cleared away: \(error)")
        }
        do {
            let berths = Set(living.withLock { $0.keys })
            try SecretFolder.removeAll(of: instance, but: berths)
        } catch {
            logger.warning("secrets could not be cleared away: \(error)")
        }
    }

    /// Removes a berth; what cannot be removed now is left to the reconciliation.
    func clear(_ folder: BerthFolder) async {
        do {
            let containers = try containers(of: folder)
            await containers.discardAll()
            let count = try folder.assignment()?.spec.services.count ?? 0
            await services(of: folder).removeAll(count: count)
            if try containers.ferry.isUsed { await containers.ferry.remove() }
            try SecretFolder.remove(of: folder, instance: instance)
        } catch {
            logger.warning("a berth cannot be read: \(error)")
        }
        living.withLock { $0[folder.id] = nil }
        do { try TreeRemoval.remove(folder.path) } catch {
            logger.warning("a folder could not be cleared away: \(error)")
        }
    }

    /// Makes and drops warm containers until all is as wished.
    private func tend() async {
        let work = pool.work()
        for folder in work.drop { await clear(folder) }
        for image in work.make {
            do {
                let folder = try newFolder()
                do {
                    _ = try await containers(of: folder).container(for: image)
                } catch {
                    await clear(folder)
                    throw error
                }
                if !pool.put(folder, for: image) { await clear(folder) }
            } catch {
                pool.forget(image)
                logger.warning("no container could be kept warm: \(error)")
            }
        }
    }
}
