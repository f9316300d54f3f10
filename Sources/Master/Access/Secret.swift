import Crypto
import Foundation

/// A random text that proves who holds it, kept only as a digest.
///
/// A token's text is `slipway_ID_SECRET`: found by its id, compared by its secret's digest.
enum Secret {
    /// 256 random bits as 64 hexadecimal digits.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return hex((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// A short random public name.
    static func makeID() -> String {
        String(make().prefix(10))
    }

    /// Lower-case hexadecimal SHA-256.
    static func digest(_ secret: String) -> String {
        hex(Array(SHA256.hash(data: Data(secret.utf8))))
    }

    /// Whether the secret has this digest, in time that does not tell how much of it matched.
    static func matches(_ secret: String, digest wanted: String) -> Bool {
        let made = Array(digest(secret).utf8)
        let known = Array(wanted.utf8)
        guard made.count == known.count else { return false }
        return zip(made, known).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The text of a token, and its parts back.
    static func token(id: String, secret: String) -> String { "slipway_\(id)_\(secret)" }

    /// The id and secret in a token's text; nil when it is none of ours.
    static func parts(of token: String) -> (id: String, secret: String)? {
        let parts = token.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("slipway".utf8) else { return nil }
        return (String(Substring(parts[1])), String(Substring(parts[2])))
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
