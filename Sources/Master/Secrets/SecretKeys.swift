import Crypto
import Foundation
import Glibc
import HTTPTypes
import Synchronization

/// The keys that secrets are sealed with, in a file outside the database that only we may read.
///
/// One line per key, `ID KEY`, the current one first. There are several only while secrets are
/// being sealed anew: at every moment the file has each key that any of them needs.
final class SecretKeys: Sendable {
    private let path: String
    private let known = Mutex<[Entry]?>(nil)

    private struct Entry {
        let id: String
        let key: SymmetricKey
    }

    /// - Parameter path: Of the file; it is written when a secret is set first.
    init(path: String) {
        self.path = path
    }

    /// The key to seal with.
    func current() throws -> (id: String, key: SymmetricKey) {
        try known.withLock { known in
            var keys = try loaded(&known)
            if keys.isEmpty {
                keys = [Self.make()]
                try write(keys)
                known = keys
            }
            return (keys[0].id, keys[0].key)
        }
    }

    /// The key of an id; nil when it is lost.
    func key(_ id: String) throws -> SymmetricKey? {
        try known.withLock { known in try loaded(&known).first { $0.id == id }?.key }
    }

    /// Makes a key that is current from now on, and keeps the others.
    func renew() throws {
        try known.withLock { known in
            let keys = [Self.make()] + (try loaded(&known))
            try write(keys)
            known = keys
        }
    }

    /// Forgets keys that nothing is sealed with any more; the current one stays.
    func forget(allBut used: Set<String>) throws {
        try known.withLock { known in
            let keys = try loaded(&known)
            let kept = keys.enumerated().filter { $0 == 0 || used.contains($1.id) }.map(\.element)
            guard kept.count < keys.count else { return }
            try write(kept)
            known = kept
        }
    }

    private static func make() -> Entry {
        Entry(id: Secret.makeID(), key: SymmetricKey(size: .bits256))
    }

    // MARK: The file

    private func loaded(_ known: inout [Entry]?) throws -> [Entry] {
        if let known { return known }
        let keys = try read()
        known = keys
        return keys
    }

    private func read() throws -> [Entry] {
        // Of the file itself: a link in its place is none of ours.
        let status: [FileAttributeKey: Any]
        do {
            status = try FileManager.default.attributesOfItem(atPath: path)
        } catch CocoaError.fileReadNoSuchFile {
            return []
        } catch {
            throw problem("cannot be read: \(error.localizedDescription)")
        }
        let rights = status[.posixPermissions] as? Int ?? 0o777
        guard status[.type] as? FileAttributeType == .typeRegular, rights & 0o077 == 0 else {
            throw problem("is not for its owner alone: chmod 0400 it, and rewrap the secrets")
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let bytes = Data(base64Encoded: String(parts[1])),
                bytes.count == 32
            else {
                throw problem("is damaged: restore it from a backup, or set every secret anew")
            }
            return Entry(id: String(parts[0]), key: SymmetricKey(data: bytes))
        }
    }

    /// All of the new file or all of the old one, whatever happens.
    private func write(_ keys: [Entry]) throws {
        let lines = keys.map { entry in
            "\(entry.id) \(entry.key.withUnsafeBytes { Data($0) }.base64EncodedString())\n"
        }
        let new = path + ".new"
        unlink(new)
        let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o400)
        guard descriptor >= 0 else { throw unwritable() }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Data(lines.joined().utf8))
        try file.synchronize()
        guard rename(new, path) == 0 else { throw unwritable() }
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw unwritable() }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw unwritable() }
    }

    private func unwritable() -> RequestProblem {
        problem("cannot be written: \(String(cString: strerror(errno)))")
    }

    private func problem(_ what: String) -> RequestProblem {
        RequestProblem(.internalServerError, "The server's file \(path) \(what).")
    }
}
