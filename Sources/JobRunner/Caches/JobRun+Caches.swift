import Core

/// Files of earlier jobs, which make a job quicker and never make it fail.
extension JobRun {
    /// Puts what caches have into the workspace, and notes the keys under which the job's own
    /// files will be kept.
    func restoreCaches(_ log: StepLog) async throws {
        var keys: [String] = []
        for cache in spec.caches {
            let names = Names(
                variables: [:],
                hashes: try hashes(cache.key.hashes + cache.restore.flatMap(\.hashes))
            )
            let key = try cache.key.text(with: names)
            keys.append(key)
            guard let scope = berth.assignment.cacheScope else {
                log.line("Cache \(key): there are none here.")
                continue
            }
            let restore = try cache.restore.map { try $0.text(with: names) }
            guard let hit = caches.find(key, or: restore, paths: cache.paths, in: scope) else {
                log.line("Cache \(key): there is none yet.")
                continue
            }
            try await self.restore(hit, for: key, log)
        }
        try berth.folder.keep(cacheKeys: keys)
    }

    private func restore(_ hit: CacheStore.Hit, for key: String, _ log: StepLog) async throws {
        let begun = Moment.now
        do {
            let files = try await caches.restore(hit, into: berth.files)
            let what = hit.isExact ? "" : " of \(hit.key)"
            log.line("Cache \(key): \(files) files\(what) after \(begun.age) ms.")
        } catch {
            try Task.checkCancellation()
            log.line("Cache \(key): \(error); the job goes on without it.")
        }
    }

    /// Keeps files for later jobs, if this one went well.
    func saveCaches(after outcome: JobOutcome) async {
        guard outcome.result == .success || outcome.result == .warnings,
            let scope = berth.assignment.cacheScope,
            let keys = try? berth.folder.cacheKeys(), keys.count == spec.caches.count
        else { return }
        for (cache, key) in zip(spec.caches, keys) {
            do {
                let saved = try await caches.save(cache.paths, of: berth.files, as: key, in: scope)
                switch saved {
                case nil: continue
                case 0: tell(.remark("cache \(key): there is nothing at its paths to keep"))
                case let files?: tell(.remark("cache \(key): \(files) files are kept"))
                }
            } catch {
                tell(.remark("cache \(key) is not kept: \(error)"))
            }
        }
    }
}
