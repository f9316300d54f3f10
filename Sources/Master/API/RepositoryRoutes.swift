import Core
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// Repositories of the API.
struct RepositoryRoutes: Sendable {
    let database: ControlDatabase
    let actions: RepositoryActions

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/repositories", needs: .read) { _, _ in
            let repositories = try await database.read { try $0.repositories() }
            return try json(ListMessage(items: repositories.map(RepositoryMessage.init)))
        }
        routes.on(.post, "/api/v1/repositories", needs: .administer) { request, _ in
            let message: NewRepositoryMessage = try await request.decoded()
            let repository = try await actions.add(message)
            return try json(
                RepositoryMessage(repository),
                status: .created,
                headers: [.location: "/api/v1/repositories/\(repository.name)"]
            )
        }
        routes.on(.get, "/api/v1/repositories/:name", needs: .read) { _, context in
            let name = try context.name("name")
            guard let repository = try await database.read({ try $0.repository(named: name) })
            else { throw RequestProblem.notFound("repository \(name)") }
            return try json(RepositoryMessage(repository))
        }
        routes.on(.delete, "/api/v1/repositories/:name", needs: .administer) { _, context in
            try await actions.remove(try context.name("name"))
            return Response(status: .noContent)
        }
        routes.on(.post, "/api/v1/repositories/:name/fetches", needs: .build) { _, context in
            let name = try context.name("name")
            guard let repository = try await database.read({ try $0.repository(named: name) })
            else { throw RequestProblem.notFound("repository \(name)") }
            actions.fetchSoon(repository)
            return Response(status: .accepted)
        }
    }
}

/// What people do to repositories.
struct RepositoryActions: Sendable {
    let database: ControlDatabase
    let watch: RepositoryWatch
    let mirrors: Mirrors
    let events: EventHub

    func add(_ message: NewRepositoryMessage) async throws -> Repository {
        guard Name.isValid(message.name) else {
            throw RequestProblem(
                .badRequest,
                "A repository's name is 1 to \(Name.lengthMax) letters, digits, `.`, `_` or `-`, "
                    + "and begins with a letter or digit."
            )
        }
        let interval = message.pollInterval ?? 60
        guard (1...86_400).contains(interval) else {
            throw RequestProblem(.badRequest, "`poll_interval` must be from 1 to 86400 seconds.")
        }
        try mirrors.check(url: message.url)
        let draft = RepositoryDraft(
            name: message.name,
            url: message.url,
            defaultBranch: message.defaultBranch ?? "main",
            pollInterval: interval,
            pollsPullRequests: message.pullRequests ?? false
        )
        let repository = try await database.write { try $0.addRepository(draft, at: Date()) }
        events.publish("repository", [("repository", .text(repository.name))])
        watch.changed.ring()
        await watch.waitForFirstFetch(of: repository.id, within: .seconds(5))
        return try await database.read { try $0.repository(named: repository.name) } ?? repository
    }

    func remove(_ name: String) async throws {
        guard let repository = try await database.read({ try $0.repository(named: name) }),
            try await database.write({ try $0.removeRepository(named: name) })
        else { throw RequestProblem.notFound("repository \(name)") }
        watch.changed.ring()
        mirrors.remove(repository)
        events.publish("repository", [("repository", .text(name))])
    }

    func fetchSoon(_ repository: Repository) {
        watch.fetchSoon(repository.id)
    }
}

extension RepositoryMessage {
    init(_ repository: Repository) {
        self.init(
            name: repository.name,
            url: repository.shownURL,
            defaultBranch: repository.defaultBranch,
            pollInterval: repository.pollInterval,
            fetchedAt: repository.fetchedAt,
            fetchError: repository.fetchError,
            createdAt: repository.createdAt,
            pullRequests: repository.pollsPullRequests ? true : nil
        )
    }
}
