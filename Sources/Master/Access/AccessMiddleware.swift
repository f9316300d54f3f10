import Core
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Synchronization

/// Finds out who asks: a bearer token, or a signed-in browser's cookie.
///
/// A wrong token is refused here, so that a typing mistake never looks like an open door.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = MasterContext

    let access: Access

    func handle(
        _ request: Request,
        context: MasterContext,
        next: (Request, MasterContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.principal = try await access.principal(of: request)
        context.cookie = request.cookies[Access.cookie]?.value
        return try await next(request, context)
    }
}

/// Tokens, sessions, and the one-time sign-in link.
package final class Access: Sendable {
    static let cookie = "slipway_session"
    static let sessionLife: TimeInterval = 14 * 86_400

    private let database: ControlDatabase
    /// Tokens seen before, so that a busy worker costs no look-up; emptied on each revocation.
    private let known = Mutex<[String: Principal]>([:])
    private let link = Mutex<String?>(nil)

    init(database: ControlDatabase) {
        self.database = database
    }

    /// Makes the sign-in link's code; it works once.
    package func makeSignInCode() -> String {
        let code = Secret.make()
        link.withLock { $0 = code }
        return code
    }

    /// Takes a sign-in code: true once for the right one.
    func takeSignInCode(_ code: String) -> Bool {
        link.withLock { known in
            guard let wanted = known, Secret.matches(code, digest: Secret.digest(wanted)) else {
                return false
            }
            known = nil
            return true
        }
    }

    func principal(of request: Request) async throws -> Principal {
        if let token = request.bearerToken { return try await principal(ofToken: token) }
        guard let cookie = request.cookies[Self.cookie]?.value else { return .nobody }
        let digest = Secret.digest(cookie)
        let session = try database.glance { try $0.session(digest, at: Date()) }
        guard let session, let role = Role(rawValue: session.kind) else { return .nobody }
        return .person(name: session.person, role: role, csrf: session.csrf)
    }

    func principal(ofToken text: String) async throws -> Principal {
        let key = Secret.digest(text)
        if let principal = known.withLock({ $0[key] }) { return principal }
        guard let parts = Secret.parts(of: text),
            let row = try await database.read({ try $0.token(parts.id) }),
            Secret.matches(parts.secret, digest: row.digest), let role = Role(rawValue: row.kind)
        else {
            throw RequestProblem(
                .unauthorized,
                "This token is unknown or was revoked: make one with `slipway token create`.",
                headers: [.wwwAuthenticate: "Bearer"]
            )
        }
        let principal = Principal.token(id: row.id, name: row.name, role: role)
        known.withLock { known in
            if known.count > 10_000 { known = [:] }
            known[key] = principal
        }
        let id = row.id
        try await database.write { try $0.useToken(id, at: Date()) }
        return principal
    }

    /// Makes a token and returns its text, which is not kept.
    func makeToken(
        name: String,
        role: Role,
        teams: [String] = [],
        at now: Date
    ) async throws -> (TokenRow, String) {
        let id = Secret.makeID()
        let secret = Secret.make()
        let row = TokenRow(
            id: id,
            name: name,
            kind: role.rawValue,
            digest: Secret.digest(secret),
            createdAt: now,
            teams: teams
        )
        try await database.write { try $0.addToken(row) }
        return (row, Secret.token(id: id, secret: secret))
    }

    func revoke(_ id: String) async throws -> Bool {
        let isGone = try await database.write { try $0.revokeToken(id) }
        known.withLock { $0 = [:] }
        return isGone
    }

    /// Starts a session and returns the cookie.
    func signIn(
        as person: String,
        role: Role,
        teams: [String] = [],
        at now: Date
    ) async throws -> String {
        let cookie = Secret.make()
        let session = SessionRow(
            digest: Secret.digest(cookie),
            person: person,
            kind: role.rawValue,
            csrf: Secret.make(),
            expiresAt: now.addingTimeInterval(Self.sessionLife),
            teams: teams
        )
        try await database.write { try $0.addSession(session) }
        return cookie
    }

    /// The teams of whoever asks, as they are now.
    func teams(of context: MasterContext) async throws -> [String] {
        switch context.principal {
        case .nobody: return []
        case .token(let id, _, _): return try await teams(ofToken: id)
        case .person:
            guard let digest = context.cookie.map(Secret.digest) else { return [] }
            return try await database.read { try $0.session(digest, at: Date())?.teams ?? [] }
        }
    }

    func teams(ofToken id: String) async throws -> [String] {
        try await database.read { try $0.token(id)?.teams ?? [] }
    }

    func signOut(_ cookie: String) async throws {
        let digest = Secret.digest(cookie)
        try await database.write { try $0.endSession(digest) }
    }
}

extension Request {
    fileprivate var bearerToken: String? {
        guard let header = headers[.authorization] else { return nil }
        let prefix = "Bearer "
        guard header.utf8.count > prefix.utf8.count,
            header.prefix(prefix.count).lowercased() == prefix.lowercased()
        else { return nil }
        return String(header.dropFirst(prefix.count))
    }
}
