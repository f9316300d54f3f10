import Core
import Foundation
import HTTPTypes
import Storage

extension BuildActions {
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
        for build in release.builds {
            events.publish("build", [("build", .number(build.rawValue))])
        }
        if release.hasFreedJobs { wakeUp.ring() }
    }
}
