import Foundation

/// Where a repository is fetched from, checked byte by byte.
///
/// Allowed are absolute local paths, `file://`, `https://`, `http://` to this machine only,
/// `ssh://`, and `user@host:path`. Everything else is refused, because helpers of other
/// programs have turned a URL into a command more than once.
package struct RemoteURL: Equatable, Sendable {
    /// How the repository is reached.
    package enum Transport: Equatable, Sendable {
        /// An absolute path on this machine.
        case local(path: String)
        case http
        case https
        case ssh
    }

    /// The URL as it was given.
    package let text: String
    package let transport: Transport

    /// The folder to watch, where the repository is on this machine.
    package var localPath: String? {
        switch transport {
        case .local(let path): path
        case .http, .https, .ssh: nil
        }
    }

    /// Checks a URL or path that a person gave; a relative path must be made absolute before.
    package init(_ text: String) throws(GitError) {
        self.text = text
        transport = try Self.transport(of: text)
    }

    private static let byteCountMax = 2048

    private static func transport(of text: String) throws(GitError) -> Transport {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= byteCountMax else {
            throw refusal("must have 1 to \(byteCountMax) bytes")
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw refusal("must not have control bytes")
        }
        guard bytes[0] != UInt8(ascii: "-") else { throw refusal("must not start with a dash") }
        if bytes[0] == UInt8(ascii: "/") { return .local(path: text) }
        if let rest = bytes[...].value(after: "file://") { return try local(rest) }
        if let rest = bytes[...].value(after: "https://") {
            _ = try authority(of: rest)
            return .https
        }
        if let rest = bytes[...].value(after: "http://") {
            try requireLoopback(try authority(of: rest))
            return .http
        }
        if let rest = bytes[...].value(after: "ssh://") {
            _ = try authority(of: rest)
            try requirePlainPath(rest.drop { $0 != UInt8(ascii: "/") })
            return .ssh
        }
        try requireSCPForm(bytes[...])
        return .ssh
    }

    private static func local(_ rest: ArraySlice<UInt8>) throws(GitError) -> Transport {
        let path = rest.value(after: "localhost/").map { [UInt8(ascii: "/")] + $0 } ?? Array(rest)
        guard path.first == UInt8(ascii: "/"),
            let decoded = String(decoding: path, as: UTF8.self).removingPercentEncoding,
            decoded.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw refusal("must name an absolute path, as in file:///srv/git/shop.git")
        }
        return .local(path: decoded)
    }

    /// Checks `[user@]host[:port]/path` and gives the host.
    private static func authority(of rest: ArraySlice<UInt8>) throws(GitError) -> [UInt8] {
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        let path = rest.dropFirst(authority.count)
        guard path.count > 1 else { throw refusal("names no repository after the host") }
        guard path.allSatisfy({ isPathByte($0) || $0 == UInt8(ascii: "%") }) else {
            throw refusal("has a byte in its path that must be percent-encoded")
        }
        var host = authority
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            try requireUser(authority[authority.startIndex..<at])
            host = authority[(at + 1)...]
        }
        return try requireHost(host)
    }

    private static func requireHost(_ text: ArraySlice<UInt8>) throws(GitError) -> [UInt8] {
        var host = text
        if host.first == UInt8(ascii: "["), let close = host.firstIndex(of: UInt8(ascii: "]")) {
            let address = host[(host.startIndex + 1)..<close]
            guard address.allSatisfy({ isHexDigit($0) || $0 == 0x3A || $0 == 0x2E }) else {
                throw refusal("has a malformed IPv6 address")
            }
            try requirePort(host[(close + 1)...])
            return Array(address)
        }
        if let colon = host.firstIndex(of: UInt8(ascii: ":")) {
            try requirePort(host[colon...])
            host = host[host.startIndex..<colon]
        }
        guard let first = host.first, first != UInt8(ascii: "-"), host.allSatisfy(isHostByte) else {
            throw refusal("has a malformed host name")
        }
        return Array(host)
    }

    private static func requirePort(_ text: ArraySlice<UInt8>) throws(GitError) {
        guard !text.isEmpty else { return }
        let digits = text.dropFirst()
        guard text.first == UInt8(ascii: ":"), digits.count <= 5,
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else {
            throw refusal("has a malformed port")
        }
    }

    private static func requireUser(_ user: ArraySlice<UInt8>) throws(GitError) {
        guard !user.contains(UInt8(ascii: ":")) else {
            throw GitError(
                .refusedURL,
                "the URL holds a password, which would be shown on pages and in logs",
                advice: "leave it out of the URL and give it as a credential"
            )
        }
        guard let first = user.first, first != UInt8(ascii: "-"), user.allSatisfy(isHostByte) else {
            throw refusal("has a malformed user name")
        }
    }

    private static func requireLoopback(_ host: [UInt8]) throws(GitError) {
        let text = String(decoding: host, as: UTF8.self)
        let isAddress = text.utf8.starts(with: "127.".utf8) && host.allSatisfy(isAddressByte)
        guard isAddress || text == "localhost" || text == "::1" else {
            throw refusal("is not encrypted: http:// is for this machine only", "use https://")
        }
    }

    private static func requirePlainPath(_ path: ArraySlice<UInt8>) throws(GitError) {
        // The path becomes an argument of a command line on the far side.
        guard let first = path.first, first != UInt8(ascii: "-"), path.allSatisfy(isPlainByte)
        else {
            throw refusal("has a byte in its path that is not safe over SSH")
        }
    }

    private static func requireSCPForm(_ text: ArraySlice<UInt8>) throws(GitError) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")),
            !text[text.startIndex..<colon].contains(UInt8(ascii: "/")),
            !text[colon...].starts(with: "://".utf8), !text[colon...].starts(with: "::".utf8)
        else {
            throw refusal("is neither an absolute path nor a known kind of URL")
        }
        var host = text[text.startIndex..<colon]
        if let at = host.lastIndex(of: UInt8(ascii: "@")) {
            try requireUser(host[host.startIndex..<at])
            host = host[(at + 1)...]
        }
        _ = try requireHost(host)
        try requirePlainPath(text[(colon + 1)...])
    }

    private static func refusal(_ reason: String, _ advice: String? = nil) -> GitError {
        GitError(.refusedURL, "the repository's URL \(reason)", advice: advice)
    }
}

extension RemoteURL {
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case _:
            false
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) && (byte | 0x20 <= UInt8(ascii: "f"))
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || (0x30...0x39).contains(byte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._".utf8.contains(byte)
    }

    private static func isPlainByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~/@+,=".utf8.contains(byte)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~/@+,=!$&'()*;:".utf8.contains(byte)
    }
}
