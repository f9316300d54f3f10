import Git
import Synchronization

/// What this worker has of the sources of jobs, one cache for each name that the master gives.
final class SourceCaches: Sendable {
    private let stores: PassingStores
    private let open = Mutex<[String: SourceCache]>([:])

    init(in folder: String) {
        stores = PassingStores(in: folder)
    }

    /// The cache of a repository, or of what only submodules come from; made when there is none.
    func cache(of store: String) throws -> SourceCache {
        guard !store.isEmpty, store.utf8.first != UInt8(ascii: "."),
            !store.utf8.contains(UInt8(ascii: "/")), !store.utf8.contains(0)
        else { throw WorkerError.file("\(store) is no name of a cache") }
        let isPassing = store.utf8.starts(with: PassingStores.mark.utf8)
        return try open.withLock { open in
            defer { if isPassing { stores.noteUse(of: store) } }
            if let cache = open[store] { return cache }
            if isPassing { for gone in stores.removeUnused() { open[gone] = nil } }
            let cache = try SourceCache(at: stores.path(of: store))
            open[store] = cache
            return cache
        }
    }
}
