import Core
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// Builds and jobs of the API.
struct BuildRoutes: Sendable {
    let database: ControlDatabase
    let actions: BuildActions
    let reader: LogReader

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/builds", needs: .read) { request, _ in
            try await list(request, repository: request.query("repository"))
        }
        routes.on(.get, "/api/v1/repositories/:name/builds", needs: .read) { request, context in
            let name = try context.name("name")
            guard try database.glance({ try $0.repository(named: name) }) != nil else {
                throw RequestProblem.notFound("repository \(name)")
            }
            return try await list(request, repository: name)
        }
        routes.on(.post, "/api/v1/repositories/:name/builds", needs: .build) { request, context in
            let message: StartBuildMessage = try await request.decoded()
            let builds = try await actions.start(
                message,
                in: try context.name("name"),
                by: context.principal.name,
                idempotencyKey: try request.idempotencyKey
            )
            return try json(
                StartedBuildsMessage(builds: builds.map { BuildMessage($0) }),
                status: .created
            )
        }
        routes.on(.get, "/api/v1/builds/:id", needs: .read) { _, context in
            try json(try await message(of: try context.buildID))
        }
        routes.on(.get, "/api/v1/jobs/:id", needs: .read) { _, context in
            let id = JobID(try context.number("id"))
            let found = try await database.read { tx in
                try tx.job(id).map { ($0, try tx.summary(of: id)) }
            }
            guard let (job, summary) = found else { throw RequestProblem.notFound("job \(id)") }
            return try json(
                JobMessage(try await reader.withLiveLengths([job])[0], summary: summary)
            )
        }
        routes.on(.post, "/api/v1/builds/:id/cancellation", needs: .build) { _, context in
            let id = try context.buildID
            try await actions.cancel(id, by: context.principal.name)
            return try json(try await message(of: id), status: .accepted)
        }
        routes.on(.post, "/api/v1/builds/:id/approval", needs: .build) { request, context in
            let message: ApprovalMessage = try await request.decoded()
            let id = try context.buildID
            try await actions.approve(
                id,
                isOnce: message.once ?? false,
                by: context.principal.name
            )
            return try json(try await self.message(of: id), status: .accepted)
        }
        routes.on(.post, "/api/v1/builds/:id/beginning", needs: .build) { _, context in
            let id = try context.buildID
            try await actions.begin(id, by: context.principal.name)
            return try json(try await message(of: id), status: .accepted)
        }
        routes.on(.post, "/api/v1/builds/:id/retries", needs: .build) { request, context in
            let message: RetryMessage = try await request.decoded()
            let build = try await actions.retry(
                try context.buildID,
                failedOnly: message.failedOnly ?? false,
                by: context.principal.name
            )
            return try json(StartedBuildsMessage(builds: [BuildMessage(build)]), status: .created)
        }
        routes.on(.get, "/api/v1/queue", needs: .read) { request, _ in
            let limit = try request.number("limit", default: 200, in: 1...1_000)
            let entries = try await database.read { try $0.queue(limit: limit) }
            return try json(ListMessage(items: entries.map(QueueEntryMessage.init)))
        }
    }

    private func list(_ request: Request, repository: String?) async throws -> Response {
        let limit = try request.number("limit", default: 20, in: 1...200)
        let cursor = request.query("cursor").flatMap { Int64($0) }.map { BuildID($0) }
        let filter = BuildFilter(
            repository: repository,
            ref: request.query("ref").map(fullRef),
            pipeline: request.query("pipeline"),
            state: try request.choice("state", of: Progress.self),
            result: try request.choice("result", of: BuildResult.self)
        )
        let builds = try database.glance { tx in
            try tx.builds(filter, limit: limit + 1, before: cursor)
        }
        let shown = builds.prefix(limit)
        let next = builds.count > limit ? shown.last.map { String($0.id.rawValue) } : nil
        var response = try json(
            ListMessage(items: shown.map { BuildMessage($0) }, nextCursor: next)
        )
        if let next {
            let path = request.uri.path
            response.headers[values: .link] = [
                "<\(path)?limit=\(limit)&cursor=\(next)>; rel=\"next\""
            ]
        }
        return response
    }

    private func fullRef(_ text: String) -> String {
        text.utf8.starts(with: "refs/".utf8) ? text : Ref.branchPrefix + text
    }

    private func message(of id: BuildID) async throws -> BuildMessage {
        let found = try await database.read { tx in
            try tx.build(id).map { (try BuildMessage($0, around: tx), try tx.jobs(of: id)) }
        }
        guard case (var message, let jobs)? = found else {
            throw RequestProblem.notFound("build \(id)")
        }
        message.jobs = try await reader.withLiveLengths(jobs).map { JobMessage($0) }
        return message
    }
}

extension MasterContext {
    var buildID: BuildID {
        get throws { BuildID(try number("id")) }
    }
}

extension Request {
    /// The key under which a repeated POST is answered as the first one; at most 255 bytes.
    var idempotencyKey: String? {
        get throws {
            guard let name = HTTPField.Name("Idempotency-Key"), let key = headers[name] else {
                return nil
            }
            guard (1...255).contains(key.utf8.count) else {
                throw RequestProblem(.badRequest, "An Idempotency-Key has 1 to 255 bytes.")
            }
            return key
        }
    }

    /// One of a closed set of words from the query.
    func choice<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        of words: Word.Type
    ) throws -> Word? where Word.RawValue == String {
        guard let text = query(name) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw RequestProblem(.badRequest, "`\(name)` must be one of \(known).")
    }
}

extension QueueEntryMessage {
    init(_ entry: QueueEntry) {
        self.init(
            job: entry.job.rawValue,
            name: entry.name,
            build: entry.build.rawValue,
            repository: entry.repository,
            number: entry.number,
            labels: entry.labels,
            waitingReason: entry.reason,
            since: entry.since,
            priority: entry.priority == 0 ? nil : entry.priority
        )
    }
}

extension HTTPField.Name {
    /// RFC 8288.
    static let link = HTTPField.Name("Link") ?? .location
}
