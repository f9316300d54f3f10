import Crypto
import Foundation
import HTTPTypes
import Synchronization

/// The one key that the secrets of all hooks are made of, in a file that only we may read.
///
/// A secret is the key's answer to a salt: the database, and whoever copies it, has no secret.
final class HookKey: Sendable {
    private let path: String
    private let known = Mutex<SymmetricKey?>(nil)

    /// - Parameter path: Of the file; it is written when a secret is asked for first.
    init(path: String) {
        self.path = path
    }

    /// The secret that belongs to a salt.
    func secret(of salt: String) throws -> HookSecret {
        let code = HMAC<SHA256>.authenticationCode(for: Data("hook \(salt)".utf8), using: try key())
        return HookSecret(bytes: Array(code))
    }

    private func key() throws -> SymmetricKey {
        try known.withLock { known in
            if let known { return known }
            let key = try read() ?? make()
            known = key
            return key
        }
    }

    private func read() throws -> SymmetricKey? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes = try Data(contentsOf: URL(filePath: path))
        guard bytes.count == 32 else {
            throw RequestProblem(
                .internalServerError,
                "\(path) is damaged: restore it from a backup, or remove it and make every "
                    + "repository's hook anew."
            )
        }
        return SymmetricKey(data: bytes)
    }

    private func make() throws -> SymmetricKey {
        let key = SymmetricKey(size: .bits256)
        let isWritten = FileManager.default.createFile(
            atPath: path,
            contents: key.withUnsafeBytes { Data($0) },
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten else {
            throw RequestProblem(.internalServerError, "\(path) cannot be written.")
        }
        // Before any secret that is made of it is told to a forge.
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.synchronize()
        try file.close()
        return key
    }
}

/// What a forge and we both know of one repository.
struct HookSecret: Sendable {
    /// 32 of them.
    let bytes: [UInt8]

    /// As it is entered into a forge, which takes it for text.
    var text: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// As GitLab takes the key of its signed deliveries.
    var signingToken: String { "whsec_" + Data(bytes).base64EncodedString() }
}
