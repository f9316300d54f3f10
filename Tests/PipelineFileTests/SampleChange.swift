import Core
import Foundation

/// What the good files of the corpus are planned for: a push to main by Kim.
func request(library: [String: Pipeline] = [:]) -> PlanRequest {
    let commit = Commit(
        sha: "0123456789abcdef0123456789abcdef01234567",
        message: "Mend the lamp",
        author: "Kim",
        authorEmail: "kim@example.org",
        committedAt: Date(timeIntervalSince1970: 1_700_000_000)
    )
    let change = Change(
        repository: RepositoryID(1),
        event: .push,
        ref: "refs/heads/main",
        before: nil,
        commit: commit,
        actor: "kim"
    )
    return PlanRequest(
        change: change,
        defaultBranch: "main",
        changedPaths: ["Sources/Lamp.swift"],
        library: library
    )
}

/// The names that are known once a job is ready.
let readyNames = Names(context: [.build: .number(7), .semver: .text("1.2.3")])
