import Core
import Crypto
import Foundation
import TestSupport

/// A forge as far as a hook is concerned: it has a secret and sends deliveries.
struct Forging: Sendable {
    let live: LiveMaster
    let secret: String
    let signingToken: String
    var repository = "shop"

    init(_ live: LiveMaster, repository: String = "shop") async throws {
        let hook = try await live.admin.post("/api/v1/repositories/\(repository)/hook").json
        self.live = live
        self.repository = repository
        secret = hook.secret.string ?? ""
        signingToken = hook.signing_token.string ?? ""
    }

    /// A delivery in the shape that the forge's documentation shows.
    static func body(_ file: String) throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let path = folder.appending(path: "../WireTests/Deliveries/\(file)")
        return String(decoding: try Data(contentsOf: path), as: UTF8.self)
    }

    /// The headers that the forge sends with a body.
    func headers(
        _ forge: Forge,
        event: String,
        id: String? = nil,
        body: String
    ) -> [(String, String)] {
        let sign = signature(of: body)
        let name = id.map { [$0] } ?? []
        return switch forge {
        case .github:
            [("X-GitHub-Event", event), ("X-Hub-Signature-256", "sha256=\(sign)")]
                + name.map { ("X-GitHub-Delivery", $0) }
        case .gitlab:
            [("X-Gitlab-Event", event), ("X-Gitlab-Token", secret)]
                + name.map { ("Idempotency-Key", $0) }
        case .gitea:
            [("X-Gitea-Event", event), ("X-Gitea-Signature", sign)]
                + name.map { ("X-Gitea-Delivery", $0) }
        case .forgejo:
            [("X-Forgejo-Event", event), ("X-Forgejo-Signature", sign)]
                + name.map { ("X-Forgejo-Delivery", $0) }
        case .bitbucket:
            [("X-Event-Key", event), ("X-Hub-Signature", "sha256=\(sign)")]
                + name.map { ("X-Request-UUID", $0) }
        case .git:
            [("X-Slipway-Token", secret)] + name.map { ("X-Slipway-Delivery", $0) }
        }
    }

    func signature(of body: String) -> String {
        let key = SymmetricKey(data: Data(secret.utf8))
        return HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: key)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Delivers, and returns the answer.
    func send(
        _ forge: Forge,
        event: String,
        id: String? = nil,
        _ body: String
    ) async throws -> (status: Int, answer: JSON) {
        let headers = headers(forge, event: event, id: id, body: body)
        return try await post(forge, headers, body)
    }

    func post(
        _ forge: Forge,
        _ headers: [(String, String)],
        _ body: String
    ) async throws -> (status: Int, answer: JSON) {
        let reply = try await live.exchange(
            "POST",
            "/hooks/\(forge.rawValue)/\(repository)",
            headers: headers,
            body: body
        )
        return (reply.status, (try? JSON(Data(reply.body.utf8))) ?? .null)
    }

    func deliveries() async throws -> [JSON] {
        try await live.admin.json("/api/v1/repositories/\(repository)/deliveries").items.elements
    }
}
