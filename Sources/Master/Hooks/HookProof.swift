import Core
import Crypto
import Foundation
import HTTPTypes

/// What a delivery shows to prove that its sender knows the secret.
enum HookProof: Equatable, Sendable {
    /// The HMAC-SHA256 of the body.
    case signature([UInt8])
    /// The secret itself.
    case token(String)
    /// Standard Webhooks: the HMAC-SHA256 of `id.timestamp.body`, by any of several keys.
    case standard(id: String, timestamp: String, signatures: [[UInt8]])

    /// Seconds that a signed time may be away from ours.
    static let timeMax = 300

    /// Finds the proof that deliveries of this forge bear; nil: there is none, or no whole one.
    init?(in headers: HTTPFields, of forge: Forge) {
        let found: HookProof? =
            switch forge {
            case .github: Self.signed(headers["X-Hub-Signature-256"], prefix: "sha256=")
            case .gitea:
                Self.signed(headers["X-Gitea-Signature"])
                    ?? Self.signed(headers["X-Hub-Signature-256"], prefix: "sha256=")
            case .forgejo:
                Self.signed(headers["X-Forgejo-Signature"])
                    ?? Self.signed(headers["X-Gitea-Signature"])
                    ?? Self.signed(headers["X-Hub-Signature-256"], prefix: "sha256=")
            case .bitbucket: Self.signed(headers["X-Hub-Signature"], prefix: "sha256=")
            case .gitlab: Self.standard(headers) ?? headers["X-Gitlab-Token"].map { .token($0) }
            case .git:
                Self.signed(headers["X-Slipway-Signature"], prefix: "sha256=")
                    ?? headers["X-Slipway-Token"].map { .token($0) }
            }
        guard let found else { return nil }
        self = found
    }

    /// Whether it is the same for every body.
    var isToken: Bool {
        switch self {
        case .token: true
        case .signature, .standard: false
        }
    }

    /// Whether it proves the body, in time that does not tell how nearly it did.
    func holds(for body: Data, secret: HookSecret, now: Date) -> Bool {
        let text = SymmetricKey(data: Data(secret.text.utf8))
        switch self {
        case .signature(let code):
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: text)
        case .token(let token):
            return Secret.matches(token, digest: Secret.digest(secret.text))
        case .standard(let id, let timestamp, let signatures):
            guard let seconds = Int(timestamp),
                abs(now.timeIntervalSince1970 - Double(seconds)) <= Double(Self.timeMax)
            else { return false }
            let signed = Data("\(id).\(timestamp).".utf8) + body
            let key = SymmetricKey(data: secret.bytes)
            return signatures.contains {
                HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: signed, using: key)
            }
        }
    }

    /// What is missing, for the person who reads the forge's log of deliveries.
    static func complaint(about forge: Forge) -> String {
        let header =
            switch forge {
            case .github: "X-Hub-Signature-256"
            case .gitlab: "X-Gitlab-Token (or webhook-signature)"
            case .gitea: "X-Gitea-Signature"
            case .forgejo: "X-Forgejo-Signature"
            case .bitbucket: "X-Hub-Signature"
            case .git: "X-Slipway-Token (or X-Slipway-Signature)"
            }
        return "This delivery proves nothing: it has no \(header). Enter the secret that "
            + "`slipway repo hook NAME` prints where \(forge.title) keeps the hook."
    }

    private static func signed(_ text: String?, prefix: String = "") -> HookProof? {
        guard let text, text.utf8.starts(with: prefix.utf8),
            let code = bytes(hex: text.utf8.dropFirst(prefix.utf8.count))
        else { return nil }
        return .signature(code)
    }

    private static func standard(_ headers: HTTPFields) -> HookProof? {
        guard let id = headers["webhook-id"], let timestamp = headers["webhook-timestamp"],
            let list = headers["webhook-signature"]
        else { return nil }
        // Several while a key is being replaced; other versions are none of ours.
        let signatures = list.split(separator: " ").prefix(8).compactMap { item -> [UInt8]? in
            let parts = item.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, parts[0] == "v1" else { return nil }
            return Data(base64Encoded: String(parts[1])).map(Array.init)
        }
        return .standard(id: id, timestamp: timestamp, signatures: signatures)
    }

    private static func bytes(hex digits: some Collection<UInt8>) -> [UInt8]? {
        guard digits.count == 64 else { return nil }
        let values = digits.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard values.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}

extension HTTPFields {
    /// The first value of a header that the library has no name for.
    subscript(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { self[values: $0].first }
    }
}
