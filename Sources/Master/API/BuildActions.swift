import Core
import Foundation
import HTTPTypes
import Storage
import Wire

/// What people do to builds, by API and by page alike.
struct BuildActions: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    let leases: LeaseTable
    let events: EventHub
    let wakeUp: WakeUp
    let nudge: Nudge

    /// Starts the pipelines of a commit by hand.
    func start(
        _ message: StartBuildMessage,
        in name: String,
        by actor: String,
        idempotencyKey: String?
    ) async throws -> [Build] {
        guard let repository = try database.glance({ try $0.repository(named: name) }) else {
            throw RequestProblem.notFound("repository \(name)")
        }
        let wanted = message.sha ?? message.ref ?? repository.defaultBranch
        guard let found = try await mirrors.resolve(wanted, in: repository) else {
            throw RequestProblem(
                .notFound,
                "Repository \(name) has no branch, tag or commit `\(wanted)`. "
                    + "Was it pushed? The last fetch is shown on the repository's page."
            )
        }
        let change = Change(
            repository: repository.id,
            event: .manual,
            ref: found.ref,
            before: nil,
            commit: found.commit,
            actor: actor
        )
        let hold = try hold(until: message.notBefore, at: Date())
        let priority = try checked(message.priority)
        let drafts = try await mirrors.drafts(
            for: change,
            in: repository,
            only: message.pipeline,
            inputs: message.inputs ?? [:],
            reason: "Started by \(actor)"
        ).map { draft in
            var draft = draft
            draft.holds += [hold].compactMap(\.self)
            if let priority { draft.plan?.priority = priority }
            return draft
        }
        try refuseInputs(message.inputs ?? [:], drafts)
        guard !drafts.isEmpty else { throw nothingToStart(message.pipeline, found.commit.sha) }
        try await mirrors.keep(found.commit.sha, of: repository)
        let builds = try await database.write { tx in
            try tx.start(drafts, for: change, idempotencyKey: idempotencyKey, at: Date())
        }
        announce(builds)
        return builds
    }

    /// Later builds would wait for a pipeline that nobody remembers.
    private static let delayMax = 366.0 * 86_400

    /// Nil for a time that has come.
    private func hold(until date: Date?, at now: Date) throws -> BuildHold? {
        guard let date, date > now else { return nil }
        guard date.timeIntervalSince(now) <= Self.delayMax else {
            throw RequestProblem(
                .unprocessableContent,
                "`not_before` may be at most a year away: use a schedule for what comes again."
            )
        }
        return .time(until: date)
    }

    private func checked(_ priority: Int?) throws -> Int? {
        guard let priority, !priorities.contains(priority) else { return priority }
        throw RequestProblem(
            .badRequest,
            "`priority` must be a number from \(priorities.lowerBound) to "
                + "\(priorities.upperBound), not \(priority): those with more go first, 0 is the "
                + "usual."
        )
    }

    /// Whoever gave inputs is there to hear what is wrong with them; a red build is for pushes.
    func refuseInputs(_ inputs: [String: String], _ drafts: [BuildDraft]) throws {
        guard !inputs.isEmpty, let draft = drafts.first(where: { !$0.problems.isEmpty }) else {
            return
        }
        let problems = draft.problems.map(\.description).joined(separator: "; ")
        throw RequestProblem(
            .unprocessableContent,
            "Pipeline `\(draft.pipeline)` cannot be started: \(problems)."
        )
    }

    private func nothingToStart(_ pipeline: String?, _ sha: String) -> RequestProblem {
        if let pipeline {
            return RequestProblem(
                .notFound,
                "Commit \(sha.prefix(8)) has no pipeline `\(pipeline)` that may be started by hand."
            )
        }
        return RequestProblem(
            .unprocessableContent,
            "Commit \(sha.prefix(8)) has no pipeline that may be started by hand: "
                + "add a file such as pipelines/main.yml, or `manual:` to its `on:`."
        )
    }

    func announce(_ builds: [Build]) {
        for build in builds {
            events.publish(
                "build",
                [
                    ("build", .number(build.id.rawValue)),
                    ("repository", .text(build.repositoryName)),
                    ("state", .text(build.state.rawValue)),
                ]
            )
        }
        if !builds.isEmpty {
            wakeUp.ring()
            nudge.set()
        }
    }

    /// Tells pages and the dispatcher of builds that go on.
    func announce(_ release: HoldRelease) {
        for build in release.builds {
            events.publish("build", [("build", .number(build.rawValue))])
        }
        if release.hasFreedJobs { wakeUp.ring() }
    }

    func cancel(_ id: BuildID, by actor: String) async throws {
        let running = try await database.write { try $0.cancel(id, by: actor, at: Date()) }
        guard let running else { throw RequestProblem.notFound("build \(id)") }
        for attempt in running { leases.cancel(attempt.id, at: .now) }
        events.publish("build", [("build", .number(id.rawValue)), ("state", .text("cancelling"))])
        wakeUp.ring()
        nudge.set()
    }

    func retry(_ id: BuildID, failedOnly: Bool, by actor: String) async throws -> Build {
        let build = try await database.write { tx in
            try tx.retry(id, failedOnly: failedOnly, by: actor, at: Date())
        }
        announce([build])
        return build
    }
}
