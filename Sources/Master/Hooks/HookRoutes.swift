import Core
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// Where forges tell that something was pushed, and where people set that up.
struct HookRoutes: Sendable {
    let database: ControlDatabase
    let key: HookKey
    let watch: RepositoryWatch
    let bodies: HookBodies
    let failures: HookFailures
    /// Of this server, as links name it.
    let address: String

    func add(to routes: Routes) {
        routes.on(.post, "/hooks/:forge/:repository", needs: .open) { request, context in
            try await take(request, of: try context.forge, for: try context.name("repository"))
        }
        routes.on(.get, "/api/v1/repositories/:name/hook", needs: .administer) { _, context in
            let name = try context.name("name")
            guard let hook = try await database.read({ try $0.hook(ofRepository: name) }) else {
                throw RequestProblem(
                    .notFound,
                    "Repository \(name) takes no deliveries: "
                        + "`slipway repo hook \(name)` sets it up."
                )
            }
            return try json(try message(hook, of: name))
        }
        routes.on(.post, "/api/v1/repositories/:name/hook", needs: .administer) {
            request,
            context in
            let wish: NewHookMessage = try await request.decoded()
            let name = try context.name("name")
            let hook = try await makeHook(of: name, renew: wish.renew ?? false)
            return try json(try message(hook, of: name))
        }
        routes.on(.get, "/api/v1/repositories/:name/deliveries", needs: .read) {
            request,
            context in
            let limit = try request.number("limit", default: 20, in: 1...200)
            let name = try context.name("name")
            let deliveries = try await database.read { tx in
                try tx.repository(named: name).map { try tx.deliveries(of: $0.id, limit: limit) }
            }
            guard let deliveries else { throw RequestProblem.notFound("repository \(name)") }
            return try json(ListMessage(items: deliveries.map(DeliveryMessage.init)))
        }
    }

    // MARK: Deliveries

    private func take(_ request: Request, of forge: Forge, for name: String) async throws
        -> Response
    {
        // Before the body is read: who proves nothing shall not fill the memory.
        guard let proof = HookProof(in: request.headers, of: forge) else {
            throw RequestProblem(.unauthorized, HookProof.complaint(about: forge))
        }
        let hook = try await database.read { try $0.hook(ofRepository: name) }
        // The same work and the same answer whether or not there is such a repository.
        let secret = try key.secret(of: hook?.salt ?? "")
        let check: @Sendable (Data) throws -> Void = { body in
            guard proof.holds(for: body, secret: secret, now: Date()), hook != nil else {
                failures.note(hook == nil ? nil : name, at: Date())
                throw unproved
            }
        }
        if proof.isToken { try check(Data()) }
        let body = try await bodies.proved(request.body, length: request.length, by: check)
        guard let hook else { throw unproved }
        return try await store(HookRequest(request.headers, of: forge), body, of: forge, hook)
    }

    private var unproved: RequestProblem {
        RequestProblem(
            .unauthorized,
            "This delivery is not proved: the name of the repository or the secret is wrong, "
                + "or it was changed on its way. `slipway repo hook NAME` prints the secret."
        )
    }

    private func store(
        _ request: HookRequest,
        _ body: Data,
        of forge: Forge,
        _ hook: HookRow
    ) async throws -> Response {
        let news: HookNews
        switch try Self.read(try request.payload(in: body), event: request.event, of: forge) {
        case .ignored(let reason):
            return try json(HookAnswerMessage(ignored: reason), status: .accepted)
        case .news(let told):
            news = told
        }
        let draft = request.draft(of: news, body: body, in: hook.repository)
        let answer: HookAnswerMessage
        switch try await stored(draft) {
        case .stored:
            answer = HookAnswerMessage()
            watch.fetchSoon(hook.repository)
        case .duplicate(let builds):
            answer = HookAnswerMessage(builds: builds.map(\.rawValue), duplicate: true)
            // The same body may tell of a second, like move: only a look can say.
            if draft.window != nil { watch.fetchSoon(hook.repository) }
        }
        return try json(answer, status: .accepted)
    }

    private static func read(
        _ payload: Data,
        event: String,
        of forge: Forge
    ) throws -> HookReading {
        do throws(HookProblem) {
            return try readHook(payload, event: event, of: forge)
        } catch {
            throw RequestProblem(.badRequest, error.message)
        }
    }

    /// A forge that is told to come back does so.
    private func stored(_ draft: DeliveryDraft) async throws -> DeliveryReceipt {
        do {
            return try await database.write { try $0.take(draft, at: Date()) }
        } catch let error as StorageError where error.code == .busy {
            throw RequestProblem(
                .serviceUnavailable,
                error.message,
                headers: [.retryAfter: "5"]
            )
        }
    }

    // MARK: Setting up

    private func makeHook(of name: String, renew: Bool) async throws -> HookRow {
        let salt = Secret.make()
        let hook = try await database.write { tx -> HookRow? in
            guard let repository = try tx.repository(named: name) else { return nil }
            if !renew, let hook = try tx.hook(ofRepository: name) { return hook }
            try tx.setHook(of: repository.id, salt: salt, at: Date())
            return try tx.hook(ofRepository: name)
        }
        guard let hook else { throw RequestProblem.notFound("repository \(name)") }
        return hook
    }

    private func message(_ hook: HookRow, of name: String) throws -> HookMessage {
        let secret = try key.secret(of: hook.salt)
        let failed = failures.count(of: name)
        let urls = Forge.allCases.map { ($0.rawValue, "\(address)/hooks/\($0.rawValue)/\(name)") }
        return HookMessage(
            repository: name,
            urls: Dictionary(uniqueKeysWithValues: urls),
            secret: secret.text,
            signingToken: secret.signingToken,
            createdAt: hook.createdAt,
            failures: failed?.failures,
            lastFailureAt: failed?.lastAt
        )
    }
}

extension Request {
    /// How long its body says it is.
    fileprivate var length: Int? { headers[.contentLength].flatMap { Int($0) } }
}

extension MasterContext {
    fileprivate var forge: Forge {
        get throws {
            let name = try name("forge")
            if let forge = Forge(rawValue: name) { return forge }
            let known = Forge.allCases.map(\.rawValue).joined(separator: ", ")
            throw RequestProblem(.notFound, "There is no forge `\(name)` here, only \(known).")
        }
    }
}

extension DeliveryMessage {
    init(_ delivery: Delivery) {
        self.init(
            id: delivery.id,
            forge: delivery.forge.rawValue,
            summary: delivery.news.summary,
            receivedAt: delivery.receivedAt,
            outcome: delivery.outcome
        )
    }
}

extension HTTPField.Name {
    /// RFC 9110: seconds after which it is worth asking again.
    static let retryAfter = HTTPField.Name("Retry-After") ?? .location
}
