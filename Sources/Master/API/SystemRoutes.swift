import Core
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// Whether the master lives, whether it can work, and which it is.
struct SystemRoutes: Sendable {
    let database: ControlDatabase

    func add(to routes: Routes) {
        routes.on(.get, "/healthz", needs: .open) { _, _ in text("ok\n") }
        routes.on(.get, "/readyz", needs: .open) { _, _ in
            _ = try await database.read { try $0.workers().count }
            return text("ready\n")
        }
        routes.on(.get, "/version", needs: .open) { _, _ in
            try json(
                VersionMessage(version: slipwayVersion, protocol: WorkerProtocol.version)
            )
        }
    }
}
