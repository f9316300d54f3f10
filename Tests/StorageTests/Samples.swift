import Core
import Foundation
import Storage

extension RepositoryDraft {
    static func named(_ name: String) -> RepositoryDraft {
        RepositoryDraft(name: name, url: "/srv/\(name)", defaultBranch: "main", pollInterval: 60)
    }
}

extension BuildDraft {
    static func main(_ jobs: [JobSpec]) -> BuildDraft {
        BuildDraft(Plan(pipeline: "main", jobs: jobs), reason: "push to main")
    }
}

extension JobSpec {
    /// One job with one step.
    static func named(
        _ name: String,
        needs: [String] = [],
        condition: Condition = .success,
        labels: [String] = [],
        onLost: LossPolicy = .retry,
        failFast: String? = nil,
        allowFailure: Bool = false,
        locks: [LockSpec] = []
    ) -> JobSpec {
        JobSpec(
            name: name,
            failFast: failFast,
            needs: needs,
            condition: condition,
            labels: labels,
            onLost: onLost,
            allowFailure: allowFailure,
            steps: [
                StepSpec(
                    name: "make",
                    action: .run(script: "make \(name)"),
                    locks: locks,
                    image: .reference("debian:bookworm-slim")
                )
            ]
        )
    }
}

extension Commit {
    static func sample(_ number: Int = 1) -> Commit {
        Commit(
            sha: String(repeating: "0", count: 32) + String(format: "%08x", number),
            message: "Sell more\n\nMuch more.",
            author: "Ada",
            authorEmail: "ada@example.com",
            committedAt: noon
        )
    }
}

extension Change {
    static func push(
        in repository: RepositoryID,
        before: Commit?,
        commit: Commit = .sample(),
        ref: String = "refs/heads/main"
    ) -> Change {
        Change(
            repository: repository,
            event: .push,
            ref: ref,
            before: before?.sha,
            commit: commit,
            actor: "Ada"
        )
    }

    static func manual(in repository: RepositoryID) -> Change {
        Change(
            repository: repository,
            event: .manual,
            ref: "refs/heads/main",
            before: nil,
            commit: .sample(),
            actor: "Ada"
        )
    }
}

extension WorkerSnapshot {
    static func idle(
        _ name: String = "anvil",
        labels: Set<String> = [],
        slots: Int = 4
    ) -> WorkerSnapshot {
        WorkerSnapshot(
            name: name,
            labels: labels,
            slots: slots,
            freeSlots: slots,
            isPaused: false,
            isPresent: true,
            isAsking: true
        )
    }
}

extension ArtifactDraft {
    static func named(_ name: String) -> ArtifactDraft {
        ArtifactDraft(name: name, digest: "sha256:\(name)", files: 1, bytes: 10)
    }
}

/// Thrown where a test looked for what was not there.
struct Missing: Error {}

extension Optional {
    var known: Wrapped {
        get throws {
            guard let self else { throw Missing() }
            return self
        }
    }
}

extension Array {
    /// The element of an array that holds exactly one.
    var only: Element {
        get throws {
            guard count == 1, let first else { throw Missing() }
            return first
        }
    }
}
