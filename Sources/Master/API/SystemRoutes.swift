import Core
import HTTPTypes
import Hummingbird
import NIOCore
import PipelineFile
import Storage
import Wire

/// Whether the master lives, whether it can work, and which it is.
struct SystemRoutes: Sendable {
    let database: ControlDatabase

    private static let schema = pipelineSchema()

    func add(to routes: Routes) {
        routes.on(.get, "/healthz", needs: .open) { _, _ in text("ok\n") }
        routes.on(.get, "/readyz", needs: .open) { _, _ in
            _ = try await database.read { try $0.workers().count }
            return text("ready\n")
        }
        // For editors, which send no token.
        routes.on(.get, "/schema/pipeline.json", needs: .open) { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/schema+json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: Self.schema))
            )
        }
        routes.on(.get, "/version", needs: .open) { _, _ in
            try json(
                VersionMessage(version: slipwayVersion, protocol: WorkerProtocol.version)
            )
        }
    }
}
