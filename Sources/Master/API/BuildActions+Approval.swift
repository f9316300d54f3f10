import Core
import Foundation
import HTTPTypes
import Storage

extension BuildActions {
    /// Ends the times that a build waits for.
    func begin(_ id: BuildID, by actor: String) async throws {
        let release = try await database.write { try $0.begin(id, by: actor, at: Date()) }
        guard let release else { throw RequestProblem.notFound("build \(id)") }
        announce(release)
        nudge.set()
    }

    /// Lets a build of a stranger's pull request run.
    ///
    /// Whoever opened it is trusted from now on, in this repository, unless it is for once.
    func approve(_ id: BuildID, isOnce: Bool, by actor: String) async throws {
        let release = try await database.write { tx -> HoldRelease? in
            guard let release = try tx.lift(.approval, of: id, by: actor, at: Date()),
                let build = try tx.build(id)
            else { return nil }
            if !isOnce, let contributor = build.settings.pullRequest?.contributor {
                try tx.trust(contributor, in: build.repository, by: actor, at: Date())
            }
            return release
        }
        guard let release else { throw RequestProblem.notFound("build \(id)") }
        announce(release)
    }
}
