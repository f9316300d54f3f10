import Crypto
import Foundation
import Git
import Synchronization

/// The master's copies of what only submodules come from.
///
/// One for each URL, with what signs in to it: who cannot sign in finds nothing that somebody
/// else's token brought. What nobody asked for in a month goes, and comes again when it is needed.
final class SubmoduleMirrors: Sendable {
    private static let countMax = 500
    private static let lifetime: TimeInterval = 30 * 86_400

    private let folder: String
    private let open = Mutex<[String: Mirror]>([:])

    init(folder: String) {
        self.folder = folder
    }

    /// What the commits of a URL are kept under; no repository can have such a name.
    static func store(of url: RemoteURL) -> String {
        let digest = SHA256.hash(data: Data(url.text.utf8))
        return "~" + digest.prefix(20).map { String(format: "%02x", $0) }.joined()
    }

    /// The mirror of a URL; made when there is none.
    func mirror(of url: RemoteURL) throws -> Mirror {
        let store = Self.store(of: url)
        return try open.withLock { open in
            let path = self.path(of: store)
            if open[store] == nil {
                try FileManager.default
                    .createDirectory(atPath: folder, withIntermediateDirectories: true)
                removeUnused(&open)
                open[store] = try Mirror(at: path)
            }
            guard let mirror = open[store] else { preconditionFailure("it was just opened") }
            // Its folder's time is that of its last use; a missed note costs a fetch.
            try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
            return mirror
        }
    }

    private func path(of store: String) -> String { "\(folder)/\(store.dropFirst()).git" }

    private func removeUnused(_ open: inout [String: Mirror]) {
        let folders = try? FileManager.default.contentsOfDirectory(
            at: URL(filePath: folder),
            includingPropertiesForKeys: [.contentModificationDateKey]
        )
        let dated = (folders ?? []).map { url in
            let values = try? url.resourceValues(forKeys: [.contentModificationDateKey])
            return (url, values?.contentModificationDate ?? .distantPast)
        }
        let newestFirst = dated.sorted { $0.1 > $1.1 }
        for (index, (url, date)) in newestFirst.enumerated()
        where index >= Self.countMax || date.timeIntervalSinceNow < -Self.lifetime {
            open["~" + url.deletingPathExtension().lastPathComponent] = nil
            try? FileManager.default.removeItem(at: url)
        }
    }
}
