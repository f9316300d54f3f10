import Core

extension RemoteURL {
    /// Whether a submodule's URL is told from where its repository is.
    static func isRelative(_ text: String) -> Bool {
        text.utf8.starts(with: "./".utf8) || text.utf8.starts(with: "../".utf8)
    }

    /// Any text that should be a URL, without what stands before an `@`.
    static func withoutSecrets(_ text: String) -> String {
        guard let start = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            text.utf8[start...].starts(with: "://".utf8)
        else { return text }
        let rest = text.utf8[text.utf8.index(start, offsetBy: 3)...]
        let host = rest.prefix { $0 != UInt8(ascii: "/") }
        guard let at = host.lastIndex(of: UInt8(ascii: "@")) else { return text }
        let scheme = String(decoding: text.utf8[..<start], as: UTF8.self)
        return "\(scheme)://" + String(decoding: rest[rest.index(after: at)...], as: UTF8.self)
    }

    /// The URL as people, pages and steps see it.
    package var shown: String { Repository.shown(url: text) }

    /// Whoever asks for the same repository writes the same here, whatever they sign in with.
    package var canonical: [UInt8] {
        let (place, path) = parts
        var end = Array(path)
        while end.last == UInt8(ascii: "/") { end.removeLast() }
        if end.suffix(4).elementsEqual(".git".utf8) { end.removeLast(4) }
        while end.last == UInt8(ascii: "/") { end.removeLast() }
        return Array(Repository.shown(url: place).lowercased().utf8) + end
    }

    /// The URL of a repository that a submodule names from this one's.
    ///
    /// It never leads above the host, and ends in plain parts.
    func resolving(relative text: String) throws(GitError) -> RemoteURL {
        var (place, path) = parts
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        var rest = Array(text.utf8)[...]
        while true {
            if let next = rest.value(after: "./") {
                rest = next
            } else if let next = rest.value(after: "../") {
                guard !path.isEmpty else {
                    throw GitError(.refusedURL, "it leads above \(Repository.shown(url: place))")
                }
                path = Array(path.prefix(upTo: path.lastIndex(of: UInt8(ascii: "/")) ?? 0))
                rest = next
            } else {
                break
            }
        }
        while rest.last == UInt8(ascii: "/") { rest.removeLast() }
        let names = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isPlain = names.allSatisfy { name in
            !name.isEmpty && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
        }
        guard isPlain else {
            throw GitError(.refusedURL, "'..' and '.' may stand only at its start")
        }
        let joint = path.isEmpty && isSCPForm ? [] : [UInt8(ascii: "/")]
        return try RemoteURL(place + String(decoding: path + joint + rest, as: UTF8.self))
    }

    /// Whether it is a repository of this machine in the very folder that another lies in.
    func lies(beside other: RemoteURL) -> Bool {
        guard localPath != nil, other.localPath != nil else { return false }
        let (own, others) = (folderAndName, other.folderAndName)
        // What lies beside a `.git` are files that anybody may have pushed.
        guard !others.name.elementsEqual(".git".utf8) else { return false }
        return own.folder == others.folder && !own.folder.isEmpty && own.name != others.name
    }

    /// Whether both are on the same port of the same host, by the same protocol.
    func sharesHost(with other: RemoteURL) -> Bool {
        let (own, others) = (Repository.shown(url: parts.place), other.parts.place)
        return localPath == nil
            && own.lowercased().utf8
                .elementsEqual(Repository.shown(url: others).lowercased().utf8)
    }

    /// The same with what another signs in with, where both are on one HTTPS host and this one
    /// says nothing of its own.
    func signingIn(as other: RemoteURL) throws(GitError) -> RemoteURL {
        guard transport == .https, other.transport == .https, sharesHost(with: other),
            !parts.place.utf8.contains(UInt8(ascii: "@"))
        else { return self }
        return try RemoteURL(other.parts.place + String(decoding: parts.path, as: UTF8.self))
    }

    private var folderAndName: (folder: [UInt8], name: [UInt8]) {
        var path = parts.path
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return ([], path) }
        return (Array(path[..<slash]), Array(path[(slash + 1)...]))
    }

    private var isSCPForm: Bool {
        transport == .ssh && !text.utf8.starts(with: "ssh://".utf8)
    }

    /// Who is asked, and for which path; a repository of this machine is its path alone.
    private var parts: (place: String, path: [UInt8]) {
        if let localPath { return ("", Array(localPath.utf8)) }
        let bytes = Array(text.utf8)
        let start: Int?
        if isSCPForm {
            start = bytes.firstIndex(of: UInt8(ascii: ":")).map { $0 + 1 }
        } else {
            let scheme = bytes.firstIndex(of: UInt8(ascii: ":")).map { $0 + 3 } ?? 0
            start = bytes[scheme...].firstIndex(of: UInt8(ascii: "/"))
        }
        let cut = start ?? bytes.endIndex
        return (String(decoding: bytes[..<cut], as: UTF8.self), Array(bytes[cut...]))
    }
}
