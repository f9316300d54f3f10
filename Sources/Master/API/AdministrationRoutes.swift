import Core
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// Workers and tokens of the API.
struct AdministrationRoutes: Sendable {
    let database: ControlDatabase
    let access: Access
    let workers: WorkerActions

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/workers", needs: .read) { _, _ in
            try json(ListMessage(items: try await workers.all()))
        }
        for (verb, mode) in [
            ("pause", WorkerMode.paused), ("resume", .taking), ("drain", .draining),
        ] {
            let path = "/api/v1/workers/:name/\(verb)"
            routes.on(.post, path, needs: .administer) { _, context in
                try await workers.set(mode, of: try context.name("name"))
                return Response(status: .noContent)
            }
        }
        routes.on(.get, "/api/v1/tokens", needs: .administer) { _, _ in
            let tokens = try await database.read { try $0.tokens() }
            return try json(ListMessage(items: tokens.map { TokenMessage($0, token: nil) }))
        }
        routes.on(.post, "/api/v1/tokens", needs: .administer) { request, _ in
            let message: NewTokenMessage = try await request.decoded()
            guard Name.isValid(message.name) else {
                throw RequestProblem(
                    .badRequest,
                    "A token's name is 1 to \(Name.lengthMax) letters, digits, `.`, `_` or `-`."
                )
            }
            let teams = message.teams ?? []
            guard teams.count <= 100, teams.allSatisfy(Name.isValid) else {
                throw RequestProblem(
                    .badRequest,
                    "`teams` are up to 100 names of letters, digits, `.`, `_` or `-`."
                )
            }
            let (row, text) = try await access.makeToken(
                name: message.name,
                role: message.kind,
                teams: teams,
                at: Date()
            )
            return try json(TokenMessage(row, token: text), status: .created)
        }
        routes.on(.delete, "/api/v1/tokens/:id", needs: .administer) { _, context in
            let id = try context.name("id")
            guard try await access.revoke(id) else { throw RequestProblem.notFound("token \(id)") }
            return Response(status: .noContent)
        }
    }
}

/// What people see of workers and decide about them.
struct WorkerActions: Sendable {
    let database: ControlDatabase
    let registry: WorkerRegistry
    let leases: LeaseTable
    let events: EventHub
    let wakeUp: WakeUp

    func all() async throws -> [WorkerMessage] {
        try await database.read { try $0.workers() }.map { row in
            let standing = registry.standing(of: row.name)
            let isQuarantined = row.health.isQuarantined(at: Date())
            let trouble = isQuarantined ? row.health.reason : registry.trouble(of: row.name)
            let state = state(row.mode, standing)
            return WorkerMessage(
                name: row.name,
                state: state != .online || trouble == nil
                    ? state : isQuarantined ? .quarantined : .troubled,
                labels: row.labels,
                slots: row.slots,
                running: leases.jobs(of: row.name).map(\.rawValue),
                version: row.version,
                lastSeenAt: row.lastSeenAt,
                trouble: trouble,
                quarantinedUntil: isQuarantined ? row.health.quarantinedUntil : nil
            )
        }
    }

    private func state(
        _ mode: WorkerMode,
        _ standing: (isPresent: Bool, isDraining: Bool)
    ) -> WorkerMessage.State {
        if !standing.isPresent { return .away }
        switch mode {
        case .taking: return standing.isDraining ? .draining : .online
        case .paused: return .paused
        case .draining: return .draining
        }
    }

    func set(_ mode: WorkerMode, of name: String) async throws {
        try await database.write { try $0.setMode(mode, ofWorker: name) }
        events.publish("worker", [("worker", .text(name))])
        wakeUp.ring()
    }
}

extension TokenMessage {
    init(_ row: TokenRow, token: String?) {
        self.init(
            id: row.id,
            name: row.name,
            kind: TokenKind(rawValue: row.kind) ?? .viewer,
            createdAt: row.createdAt,
            lastUsedAt: row.lastUsedAt,
            token: token,
            teams: row.teams.isEmpty ? nil : row.teams
        )
    }
}
