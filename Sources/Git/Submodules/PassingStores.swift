import Foundation

/// The copies of what only submodules come from: made when they are needed, removed when nobody
/// has needed them for long.
///
/// Whoever can push names URLs, so their number has a bound.
package struct PassingStores: Sendable {
    /// What their names begin with; no repository's does.
    package static let mark = "~"
    private static let countMax = 500
    private static let lifetime: TimeInterval = 30 * 86_400

    private let folder: String

    package init(in folder: String) {
        self.folder = folder
    }

    /// The folder of a store.
    package func path(of store: String) -> String { "\(folder)/\(store).git" }

    /// Notes that a store is used now: its folder's time is that of its last use.
    package func noteUse(of store: String) {
        // A missed note costs at most a fetch.
        try? FileManager.default.setAttributes(
            [.modificationDate: Date()],
            ofItemAtPath: path(of: store)
        )
    }

    /// Makes room for one more and gives the names of those that are gone.
    package func removeUnused() -> [String] {
        let urls = try? FileManager.default.contentsOfDirectory(
            at: URL(filePath: folder),
            includingPropertiesForKeys: [.contentModificationDateKey]
        )
        let dated = (urls ?? [])
            .filter { $0.lastPathComponent.utf8.starts(with: Self.mark.utf8) }
            .map { url in
                let values = try? url.resourceValues(forKeys: [.contentModificationDateKey])
                return (url: url, date: values?.contentModificationDate ?? .distantPast)
            }
        let newestFirst = dated.sorted { $0.date > $1.date }
        let unused = newestFirst.enumerated().filter { index, store in
            index >= Self.countMax - 1 || store.date.timeIntervalSinceNow < -Self.lifetime
        }
        return unused.map { _, store in
            try? FileManager.default.removeItem(at: store.url)
            return store.url.deletingPathExtension().lastPathComponent
        }
    }
}
