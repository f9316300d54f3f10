import Core
import Git
import Glibc
import JobRunner
import Synchronization

/// Brings what was in the working tree into a job's workspace, as a worker gets it from a master.
final class LocalSource: SourceProvider {
    private let plan: LocalPlan
    private let scratch: String
    private let caches = Mutex<[String: SourceCache]>([:])

    init(_ plan: LocalPlan, in scratch: String) {
        self.plan = plan
        self.scratch = scratch
    }

    func populate(_ berth: Berth, log: StepLog) async throws {
        let depth: Int?
        let isDeep: Bool
        switch berth.assignment.spec.checkout {
        case .none:
            return log.line("No source, as 'checkout: false' says.")
        case .source(let wanted, let submodules):
            depth = wanted
            isDeep = submodules
        }
        let sha = plan.build.sha
        let modules = isDeep ? try await modules() : []
        let tree = try SubmoduleTree(modules.map(\.submodule))
        let cache = try await obtain(sha, of: plan.store, depth: depth, for: berth)
        try await cache.checkOut(
            sha,
            ref: plan.build.ref.isEmpty ? nil : plan.build.ref,
            remoteURL: plan.repository.url,
            depth: depth,
            into: berth.workspace,
            with: tree
        )
        log.line("The working tree as it is now, commit \(sha.prefix(8)).")
        for (index, module) in modules.enumerated() {
            let sha = module.submodule.sha
            let cache = try await obtain(sha, of: module.store, depth: depth, for: berth)
            try await cache.checkOut(
                submodule: index,
                of: tree,
                depth: depth,
                into: berth.workspace
            )
            log.line("Submodule \(module.submodule.path) as it is now, commit \(sha.prefix(8)).")
        }
    }

    private func obtain(
        _ sha: String,
        of store: String,
        depth: Int?,
        for berth: Berth
    ) async throws -> SourceCache {
        let cache = try cache(of: store)
        let bundle = "\(scratch)/\(berth.id).bundle"
        try await cache.obtain(sha, depth: depth) { haves in
            let file = open(bundle, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            guard file >= 0 else { throw LocalRunError("\(bundle) cannot be written") }
            defer { close(file) }
            try await Mirror(at: store).read { reader in
                try reader.writeSource(of: sha, haves: haves, depth: depth, to: file)
            }
            return bundle
        }
        return cache
    }

    private func cache(of store: String) throws -> SourceCache {
        try caches.withLock { caches in
            if let cache = caches[store] { return cache }
            let cache = try SourceCache(at: "\(store)-cache")
            caches[store] = cache
            return cache
        }
    }

    // MARK: Submodules

    private struct Module {
        var submodule: Submodule
        var store: String
        var depth: Int
    }

    /// The submodules as they lie in the working tree, each after the one it is in.
    private func modules() async throws -> [Module] {
        var modules = try await links(of: plan.build.sha, in: plan.store, below: nil, of: [])
        var next = 0
        while next < modules.count {
            let module = modules[next]
            modules += try await links(
                of: module.submodule.sha,
                in: module.store,
                below: next,
                of: modules
            )
            next += 1
        }
        return modules
    }

    private func links(
        of sha: String,
        in store: String,
        below parent: Int?,
        of modules: [Module]
    ) async throws -> [Module] {
        let links = try await Mirror(at: store).read { try $0.submodules(of: sha) }
        guard modules.count + links.count <= SubmoduleTree.countMax else {
            throw SubmoduleTree.tooMany
        }
        let depth = parent.map { modules[$0].depth + 1 } ?? 1
        guard links.isEmpty || depth <= SubmoduleTree.depthMax else { throw SubmoduleTree.tooDeep }
        return try links.map { link in
            let path = parent.map { modules[$0].submodule.path + "/" + link.path } ?? link.path
            if let problem = plan.snapshot.problems[path] {
                throw SubmoduleError(.refused, "submodule '\(path)': \(problem)")
            }
            guard let store = plan.snapshot.stores[path] else {
                throw SubmoduleError(
                    .missing,
                    "submodule '\(path)' is not checked out in \(plan.repository.url): "
                        + "run 'git submodule update --init --recursive' there"
                )
            }
            let from = parent.map { modules[$0].submodule.url } ?? plan.repository.url
            return Module(
                submodule: Submodule(
                    path: path,
                    name: link.name,
                    url: link.shownURL(in: from),
                    sha: link.sha,
                    parent: parent
                ),
                store: store,
                depth: depth
            )
        }
    }
}
