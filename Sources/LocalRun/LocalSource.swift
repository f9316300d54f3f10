import Core
import Git
import Glibc
import JobRunner

/// Brings what was in the working tree into a job's workspace, as a worker gets it from a master.
final class LocalSource: SourceProvider {
    private let plan: LocalPlan
    private let cache: SourceCache
    private let scratch: String

    init(_ plan: LocalPlan, in scratch: String) throws {
        self.plan = plan
        self.scratch = scratch
        cache = try SourceCache(at: "\(scratch)/source")
    }

    func populate(_ berth: Berth, log: StepLog) async throws {
        let depth: Int?
        switch berth.assignment.spec.checkout {
        case .none:
            return log.line("No source, as 'checkout: false' says.")
        case .source(let wanted, _):
            depth = wanted
        }
        let sha = plan.build.sha
        let bundle = "\(scratch)/\(berth.id).bundle"
        try await cache.obtain(sha, depth: depth) { haves in
            let file = open(bundle, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            guard file >= 0 else { throw LocalRunError("\(bundle) cannot be written") }
            defer { close(file) }
            try await Mirror(at: plan.store).read { reader in
                try reader.writeSource(of: sha, haves: haves, depth: depth, to: file)
            }
            return bundle
        }
        try await cache.checkOut(
            sha,
            ref: plan.build.ref.isEmpty ? nil : plan.build.ref,
            remoteURL: plan.repository.url,
            depth: depth,
            into: berth.workspace
        )
        log.line("The working tree as it is now, commit \(sha.prefix(8)).")
    }
}
