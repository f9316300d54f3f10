import Foundation

/// The token to show to a server, and where it was found.
struct Credentials: Equatable {
    enum Source: Equatable {
        case flag
        case variable
        case file(String)
        case adminToken(String)
    }

    var token: String
    var source: Source

    /// Looks in the order of the contract; nil when nobody left a token.
    ///
    /// The admin token of the local data folder is shown to loopback addresses only: whoever is
    /// talked into `--server` with a foreign address does not give it away.
    static func find(
        for server: URL,
        flag: String?,
        folders: Folders,
        read: (URL) -> String? = Credentials.read
    ) -> Credentials? {
        if let flag = flag?.trimmed { return Credentials(token: flag, source: .flag) }
        if let token = folders.environment["SLIPWAY_TOKEN"]?.trimmed {
            return Credentials(token: token, source: .variable)
        }
        if let text = read(folders.credentials), let token = token(in: text, for: server) {
            return Credentials(token: token, source: .file(folders.credentials.path))
        }
        if isLoopback(server), let token = read(folders.adminToken)?.trimmed {
            return Credentials(token: token, source: .adminToken(folders.adminToken.path))
        }
        return nil
    }

    /// The file has a line `URL TOKEN` for each server, or one line with a token for all.
    static func token(in text: String, for server: URL) -> String? {
        var general: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if words.count == 1 {
                general = general ?? first
            } else if URL(string: first).map(origin) == origin(server) {
                return words[1]
            }
        }
        return general
    }

    static func isLoopback(_ server: URL) -> Bool {
        guard let host = server.host()?.lowercased() else { return false }
        let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        if bare == "localhost" || bare == "::1" { return true }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func origin(_ url: URL) -> String {
        let scheme = url.scheme?.lowercased() ?? "http"
        let port = url.port ?? (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(url.host()?.lowercased() ?? ""):\(port)"
    }

    /// A token file is small; anything else under its name is not read to the end.
    static func read(_ file: URL) -> String? {
        guard let handle = try? FileHandle(forReadingFrom: file) else { return nil }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 65_536)).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension String {
    /// Without the white space around it; nil when nothing is left.
    fileprivate var trimmed: String? {
        let text = trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }
}
