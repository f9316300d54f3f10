import Crypto
import Foundation
import Git
import Synchronization

/// The master's copies of what only submodules come from.
///
/// One for each URL, with what signs in to it: who cannot sign in finds nothing that somebody
/// else's token brought.
final class SubmoduleMirrors: Sendable {
    private let folder: String
    private let stores: PassingStores
    private let open = Mutex<[String: Mirror]>([:])

    init(folder: String) {
        self.folder = folder
        stores = PassingStores(in: folder)
    }

    /// What the commits of a URL are kept under.
    static func store(of url: RemoteURL) -> String {
        let digest = SHA256.hash(data: Data(url.text.utf8))
        return PassingStores.mark + digest.prefix(20).map { String(format: "%02x", $0) }.joined()
    }

    /// The mirror of a URL; made when there is none.
    func mirror(of url: RemoteURL) throws -> Mirror {
        let store = Self.store(of: url)
        return try open.withLock { open in
            defer { stores.noteUse(of: store) }
            if let mirror = open[store] { return mirror }
            try FileManager.default
                .createDirectory(atPath: folder, withIntermediateDirectories: true)
            for gone in stores.removeUnused() { open[gone] = nil }
            let mirror = try Mirror(at: stores.path(of: store))
            open[store] = mirror
            return mirror
        }
    }
}
