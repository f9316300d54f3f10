import Core
import Crypto
import Foundation
import HTTPTypes
import Storage

/// What the headers of a delivery say beside its proof.
struct HookRequest: Sendable {
    /// The forge's word for what happened; empty where the body alone says it.
    var event: String
    /// The forge's own name of the delivery, where it gives one.
    private var id: String?
    private var isForm: Bool
    private let forge: Forge

    /// Seconds within which the same body is the same delivery, where it has no name.
    private static let digestWindow = 3_600
    private static let idBytesMax = 128

    init(_ headers: HTTPFields, of forge: Forge) {
        self.forge = forge
        event = Self.eventNames(forge).lazy.compactMap { headers[$0] }.first ?? ""
        id = Self.idNames(forge).lazy.compactMap { headers[$0] }.first
            .flatMap { Self.isID($0) ? $0 : nil }
        isForm =
            headers[.contentType]?.lowercased().utf8
            .starts(with: "application/x-www-form-urlencoded".utf8) ?? false
    }

    private static func eventNames(_ forge: Forge) -> [String] {
        switch forge {
        case .github: ["X-GitHub-Event"]
        case .gitea: ["X-Gitea-Event"]
        case .forgejo: ["X-Forgejo-Event", "X-Gitea-Event"]
        case .bitbucket: ["X-Event-Key"]
        case .gitlab, .git: []
        }
    }

    private static func idNames(_ forge: Forge) -> [String] {
        switch forge {
        case .github: ["X-GitHub-Delivery"]
        case .gitea: ["X-Gitea-Delivery"]
        case .forgejo: ["X-Forgejo-Delivery", "X-Gitea-Delivery"]
        case .bitbucket: ["X-Request-UUID", "X-Request-Id"]
        // Not X-Gitlab-Event-UUID: events that a hook's own calls lead to share it.
        case .gitlab: ["Idempotency-Key", "webhook-id"]
        case .git: ["X-Slipway-Delivery"]
        }
    }

    private static func isID(_ text: String) -> Bool {
        (1...idBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The delivery, with what makes it the same as another.
    func draft(of news: HookNews, body: Data, in repository: RepositoryID) -> DeliveryDraft {
        if let id {
            let key = "\(forge.rawValue) \(id)"
            return DeliveryDraft(repository: repository, forge: forge, key: key, news: news)
        }
        let digest = SHA256.hash(data: body).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return DeliveryDraft(
            repository: repository,
            forge: forge,
            key: "\(forge.rawValue) sha256:\(digest.joined())",
            window: Self.digestWindow,
            news: news
        )
    }

    /// The payload in a body; forges can also send it as a field of a form.
    func payload(in body: Data) throws -> Data {
        guard isForm, forge != .git else { return body }
        let name = Data("payload=".utf8)
        guard
            let field = body.split(separator: UInt8(ascii: "&")).first(where: {
                $0.starts(with: name)
            })
        else {
            throw RequestProblem(
                .badRequest,
                "The form has no field `payload`: let \(forge.title) send application/json."
            )
        }
        return Self.unescaped(field.dropFirst(name.count))
    }

    private static func unescaped(_ field: Data) -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(field.count)
        var rest = field[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return Data(bytes)
    }
}
