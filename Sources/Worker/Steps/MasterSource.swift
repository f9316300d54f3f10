import AsyncHTTPClient
import Core
import Foundation
import Git
import JobRunner
import NIOCore
import NIOHTTP1
import Wire

/// Brings a commit from the master into a workspace: as a pack with what this worker lacks.
///
/// A worker needs no Git credentials, and the second build of a repository moves only what is new.
final class MasterSource: SourceProvider {
    private let client: MasterClient
    private let folder: String
    private let caches: SourceCaches

    init(client: MasterClient, folder: String) {
        self.client = client
        self.folder = folder
        caches = SourceCaches(in: folder)
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
        let order = try JobOrder(berth.assignment)
        defer { try? FileManager.default.removeItem(atPath: bundle(of: order)) }
        log.line("Commit \(order.sha) of \(order.repository).")
        let modules = isDeep ? try await modules(of: order, log: log) : []
        let tree = try SubmoduleTree(modules.map(Submodule.init))
        let source = "/worker/v1/source/\(order.repository)/\(order.sha)"
        let cache = try caches.cache(of: order.repository)
        try await obtain(order.sha, into: cache, from: source, depth: depth, for: order, log: log)
        try await cache.checkOut(
            order.sha,
            ref: order.ref.isEmpty ? nil : order.ref,
            remoteURL: order.environment["CI_REPO_URL"] ?? "",
            depth: depth,
            into: berth.workspace,
            with: tree
        )
        for (index, module) in modules.enumerated() {
            log.line("Submodule \(module.path): commit \(module.sha) of \(module.url).")
            let source = "\(source)/submodules/\(index)"
            let cache = try caches.cache(of: module.store)
            try await obtain(
                module.sha,
                into: cache,
                from: source,
                depth: depth,
                for: order,
                log: log
            )
            try await cache.checkOut(
                submodule: index,
                of: tree,
                depth: depth,
                into: berth.workspace
            )
        }
        log.line("Checked out into /workspace.")
    }

    /// The submodules of the commit, which the master has brought when it answers.
    private func modules(of order: JobOrder, log: StepLog) async throws -> [SubmoduleMessage] {
        let path = "/worker/v1/source/\(order.repository)/\(order.sha)/submodules"
        do {
            let answer: SubmodulesMessage = try await client.patiently(telling: log.line) {
                try await client.get(path, within: .minutes(30))
            }
            return answer.submodules
        } catch WorkerError.refused(status: 422, let detail) {
            throw SubmoduleError(.missing, detail)
        } catch WorkerError.refused(status: 424, let detail) {
            throw SubmoduleError(.unavailable, detail)
        } catch WorkerError.refused(status: 404, _) {
            throw SubmoduleError(
                .unavailable,
                "this master cannot bring submodules: update it to the version of this worker"
            )
        }
    }

    private func obtain(
        _ sha: String,
        into cache: SourceCache,
        from source: String,
        depth: Int?,
        for order: JobOrder,
        log: StepLog
    ) async throws {
        try await cache.obtain(sha, depth: depth) { haves in
            log.line(haves.isEmpty ? "Fetching it from the master." : "Fetching what is new.")
            let have = haves.joined(separator: ",")
            let path = bundle(of: order)
            let request = client.request(.GET, "\(source)?have=\(have)&depth=\(depth ?? 0)")
            try await client.patiently(telling: log.line) {
                try await client.download(request, to: path)
            }
            return path
        }
    }

    private func bundle(of order: JobOrder) -> String { "\(folder)/\(order.attempt).bundle" }
}

extension Submodule {
    fileprivate init(_ message: SubmoduleMessage) {
        self.init(
            path: message.path,
            name: message.name,
            url: message.url,
            sha: message.sha,
            parent: message.parent
        )
    }
}

extension JobOrder {
    /// The order an assignment was made of.
    init(_ assignment: JobAssignment) throws {
        self = try WireCoding.decoder().decode(JobOrder.self, from: assignment.context)
    }

    /// What the engine keeps of it on disk.
    func assignment() throws -> JobAssignment {
        JobAssignment(
            attempt: attempt,
            fence: fence,
            spec: spec,
            environment: environment,
            about: about,
            cacheScope: CacheScope(
                repository: repository,
                ref: ref,
                defaultBranch: environment["CI_REPO_DEFAULT_BRANCH"] ?? ""
            ),
            context: try WireCoding.encoder().encode(self)
        )
    }
}
