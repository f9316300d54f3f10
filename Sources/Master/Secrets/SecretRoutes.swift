import Core
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// Secrets of the API: set, listed and removed, and never told.
struct SecretRoutes: Sendable {
    let actions: SecretActions

    /// A value whose every byte is escaped, and its terms.
    private static let bodyBytesMax = 1 << 19

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/secrets", needs: .administer) { _, _ in
            try await list(of: nil)
        }
        routes.on(.put, "/api/v1/secrets/:secret", needs: .administer) { request, context in
            try await set(request, of: nil, context)
        }
        routes.on(.delete, "/api/v1/secrets/:secret", needs: .administer) { _, context in
            try await remove(of: nil, context)
        }
        let own = "/api/v1/repositories/:name/secrets"
        routes.on(.get, own, needs: .administer) { _, context in
            try await list(of: try context.name("name"))
        }
        routes.on(.put, "\(own)/:secret", needs: .administer) { request, context in
            try await set(request, of: try context.name("name"), context)
        }
        routes.on(.delete, "\(own)/:secret", needs: .administer) { _, context in
            try await remove(of: try context.name("name"), context)
        }
        routes.on(.post, "/api/v1/secret-keys", needs: .administer) { _, context in
            try json(try await actions.rewrap(by: context.principal.name), status: .created)
        }
        routes.on(.get, "/api/v1/secret-deeds", needs: .administer) { request, _ in
            let limit = try request.number("limit", default: 50, in: 1...1_000)
            let cursor = try request.number("cursor", default: Int.max, in: 1...Int.max)
            let deeds = try await actions.deeds(limit: limit + 1, before: Int64(cursor))
            return try json(
                ListMessage(
                    items: deeds.prefix(limit).map { SecretDeedMessage($0) },
                    nextCursor: deeds.count > limit ? "\(deeds[limit - 1].id)" : nil
                )
            )
        }
    }

    private func list(of repository: String?) async throws -> Response {
        let rows = try await actions.all(of: repository)
        return try json(ListMessage(items: rows.map { SecretMessage($0) }))
    }

    private func set(
        _ request: Request,
        of repository: String?,
        _ context: MasterContext
    ) async throws -> Response {
        let message: NewSecretMessage = try await request.decoded(limit: Self.bodyBytesMax)
        let (row, isNew) = try await actions.set(
            message,
            as: try context.name("secret"),
            of: repository,
            by: context.principal.name
        )
        var answer = SecretMessage(row)
        answer.warning = message.value.warning
        return try json(answer, status: isNew ? .created : .ok)
    }

    private func remove(of repository: String?, _ context: MasterContext) async throws -> Response {
        try await actions.remove(
            try context.name("secret"),
            of: repository,
            by: context.principal.name
        )
        return Response(status: .noContent)
    }
}

extension SecretMessage {
    fileprivate init(_ row: SecretRow) {
        self.init(
            name: row.terms.name,
            repository: row.repositoryName,
            branches: row.terms.branches,
            events: row.terms.events,
            setAt: row.setAt,
            setBy: row.setBy,
            lastUsedAt: row.lastUse?.at,
            lastUsedBuild: row.lastUse?.build.rawValue
        )
    }
}

extension SecretDeedMessage {
    fileprivate init(_ deed: SecretDeed) {
        self.init(
            doneAt: deed.doneAt,
            kind: deed.kind.rawValue,
            name: deed.name.isEmpty ? nil : deed.name,
            repository: deed.repository,
            actor: deed.actor,
            build: deed.build?.rawValue,
            job: deed.job?.rawValue,
            detail: deed.detail
        )
    }
}
