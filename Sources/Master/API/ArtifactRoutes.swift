import CodeStore
import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Wire

/// Artifacts of the API: lists, and single files.
struct ArtifactRoutes: Sendable {
    let database: ControlDatabase
    let store: CodeStoreDatabase
    let artifacts: ArtifactKeeper

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/builds/:id/artifacts", needs: .read) { _, context in
            let id = try context.buildID
            let found = try await database.read { tx in
                try tx.build(id) == nil ? nil : try tx.artifacts(of: id)
            }
            guard let found else { throw RequestProblem.notFound("build \(id)") }
            return try json(ListMessage(items: found.map(ArtifactMessage.init)))
        }
        routes.on(.get, "/api/v1/artifacts/:id", needs: .read) { _, context in
            let files = try await files(of: try context.number("id"))
            return try json(ListMessage(items: files))
        }
        routes.on(.get, "/api/v1/artifacts/:id/**", needs: .read) { _, context in
            let files = try await files(of: try context.number("id"))
            let raw = context.parameters.getCatchAll().joined(separator: "/")
            let path = raw.removingPercentEncoding ?? raw
            guard let file = files.first(where: { $0.path.utf8.elementsEqual(path.utf8) }) else {
                throw RequestProblem.notFound("file \(path) in this artifact")
            }
            return try await content(of: file)
        }
    }

    private func files(of id: Int64) async throws -> [FileEntry] {
        guard let artifact = try await database.read({ try $0.artifact(id) }) else {
            throw RequestProblem.notFound("artifact \(id)")
        }
        return try await artifacts.files(of: artifact)
    }

    private func content(of file: FileEntry) async throws -> Response {
        let bytes = try await store.bytes(of: try file.digest)
        let body = ResponseBody(contentLength: bytes.byteCount) { writer in
            for try await piece in bytes { try await writer.write(ByteBuffer(bytes: piece)) }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/octet-stream", .contentDisposition: "attachment",
                .contentSecurityPolicy: "sandbox; default-src 'none'",
                .eTag: "\"sha256:\(file.sha256)\"",
            ],
            body: body
        )
    }
}

extension ArtifactMessage {
    init(_ artifact: Artifact) {
        self.init(
            id: artifact.id,
            job: artifact.job.rawValue,
            name: artifact.name,
            digest: artifact.digest,
            files: artifact.files,
            bytes: artifact.bytes,
            createdAt: artifact.createdAt
        )
    }
}
