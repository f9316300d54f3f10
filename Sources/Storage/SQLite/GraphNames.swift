import Core
import GRDB

/// What conditions may ask of a build that is not in its jobs; most ask nothing.
extension SQLiteTransaction {
    func tell(_ graph: inout JobGraph, of build: Build) throws {
        graph.names.context = [
            .build: .number(Double(build.number)), .semver: .text(build.semver),
        ]
        graph.previous = try previousResult(of: build)
    }

    /// What is known when a job is given to a worker.
    func readyNames(of live: LiveAttempt) throws -> Names {
        var names = Names(
            context: [
                .build: .number(Double(live.build.number)), .semver: .text(live.build.semver),
            ]
        )
        if !live.spec.needs.isEmpty {
            let nodes = try nodes(of: live.build.id).map(\.node)
            names.needs = JobGraph(nodes: nodes, isCancelled: false)
                .outcomes(neededBy: live.spec.name)
        }
        return names
    }

    /// How the build before it of the same pipeline and ref ended, for `changed()`.
    private func previousResult(of build: Build) throws -> BuildResult? {
        try db.first(
            """
            SELECT result FROM build INDEXED BY buildByRef
            WHERE repository = ? AND ref = ? AND id < ? AND pipeline = ? AND state = 'finished'
            ORDER BY id DESC LIMIT 1
            """,
            [
                build.repository.rawValue, build.ref,
                build.id.rawValue == 0 ? Int64.max : build.id.rawValue, build.pipeline,
            ]
        ) { try $0.word(0) }
    }
}

extension JobGraph {
    /// Whether some job runs or not depending on more than how the jobs before it ended.
    var hasExpression: Bool {
        nodes.contains { ![Condition.success, .failure, .always].contains($0.condition) }
    }
}
