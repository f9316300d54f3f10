import AsyncHTTPClient
import Core
import Foundation
import Git
import JobRunner
import NIOCore
import NIOHTTP1
import Synchronization
import Wire

/// Brings a commit from the master into a workspace: as a pack with what this worker lacks.
///
/// A worker needs no Git credentials, and the second build of a repository moves only what is new.
final class MasterSource: SourceProvider {
    private let client: MasterClient
    private let folder: String
    private let caches = Mutex<[String: SourceCache]>([:])

    init(client: MasterClient, folder: String) {
        self.client = client
        self.folder = folder
    }

    func populate(_ berth: Berth, log: StepLog) async throws {
        let depth: Int?
        switch berth.assignment.spec.checkout {
        case .none:
            return log.line("No source, as 'checkout: false' says.")
        case .source(let wanted, _):
            depth = wanted
        }
        let order = try JobOrder(berth.assignment)
        defer { try? FileManager.default.removeItem(atPath: bundle(of: order)) }
        let cache = try cache(of: order.repository)
        log.line("Commit \(order.sha) of \(order.repository).")
        try await cache.obtain(order.sha, depth: depth) { haves in
            log.line(haves.isEmpty ? "Fetching it from the master." : "Fetching what is new.")
            return try await client.patiently(telling: log.line) {
                try await download(order, haves: haves, depth: depth)
            }
        }
        try await cache.checkOut(
            order.sha,
            ref: order.ref.isEmpty ? nil : order.ref,
            remoteURL: order.environment["CI_REPO_URL"] ?? "",
            depth: depth,
            into: berth.workspace
        )
        log.line("Checked out into /workspace.")
    }

    private func cache(of repository: String) throws -> SourceCache {
        try caches.withLock { caches in
            if let cache = caches[repository] { return cache }
            let cache = try SourceCache(at: "\(folder)/\(repository).git")
            caches[repository] = cache
            return cache
        }
    }

    private func bundle(of order: JobOrder) -> String { "\(folder)/\(order.attempt).bundle" }

    /// Writes the master's answer into a file, whose name is given back.
    private func download(
        _ order: JobOrder,
        haves: [String],
        depth: Int?
    ) async throws -> String {
        let path = bundle(of: order)
        let have = haves.joined(separator: ",")
        let request = client.request(
            .GET,
            "/worker/v1/source/\(order.repository)/\(order.sha)?have=\(have)"
                + "&depth=\(depth ?? 0)"
        )
        try await client.download(request, to: path)
        return path
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
