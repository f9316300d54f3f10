import CodeStore
import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// `/cs/v1` for bytes: what is missing, uploads, manifests and bundles.
///
/// All but uploads is immutable.
struct BlobRoutes: Sendable {
    let store: CodeStoreDatabase

    private static let immutable = "public, max-age=31536000, immutable"
    private static let blobBytesMax = 10 << 30

    func add(to routes: Routes) {
        routes.on(.post, "/cs/v1/blobs:missing", needs: .publish) { request, _ in
            let message: MissingBlobsMessage = try await request.decoded()
            let digests = try message.digests.map(digest)
            let missing = try await store.missing(digests, at: Date())
            return try json(MissingBlobsAnswer(missing: missing.map(\.hex)))
        }
        routes.on(.post, "/cs/v1/blobs:batch", needs: .publish) { request, _ in
            try await takeBatch(request)
        }
        routes.on(.put, "/cs/v1/blobs/:digest", needs: .publish) { request, context in
            try await takeBlob(try digest(try context.name("digest")), request)
        }
        routes.on(.get, "/cs/v1/blobs/:digest", needs: .read) { _, context in
            let digest = try digest(try context.name("digest"))
            return stream(try await store.bytes(of: digest), tag: digest.description)
        }
        routes.on(.get, "/cs/v1/manifests/:digest", needs: .read) { request, context in
            let digest = try digest(try context.name("digest"))
            let tag = "\"\(digest)\""
            let headers: HTTPFields = [
                .contentType: "application/json", .eTag: tag, .cacheControl: Self.immutable,
            ]
            if request.headers[.ifNoneMatch] == tag {
                return Response(status: .notModified, headers: headers)
            }
            let bytes = try await store.manifest(digest)
            return Response(
                status: .ok,
                headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            )
        }
        routes.on(.get, "/cs/v1/bundles/:to", needs: .read) { request, context in
            let to = try digest(try context.name("to"))
            let from = try request.query("from").map(digest)
            return stream(
                try await store.bundle(to: to, from: from),
                tag: "\(to)-\(from?.description ?? "")"
            )
        }
    }

    private func digest(_ text: String) throws -> ContentDigest {
        guard let digest = ContentDigest(text) else {
            throw RequestProblem(
                .badRequest,
                "`\(text)` is no digest: `sha256:` and 64 hexadecimal digits."
            )
        }
        return digest
    }

    private func stream(_ bytes: StoredBytes, tag: String) -> Response {
        let body = ResponseBody(contentLength: bytes.byteCount) { writer in
            for try await piece in bytes { try await writer.write(ByteBuffer(bytes: piece)) }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/octet-stream", .eTag: "\"\(tag)\"",
                .cacheControl: Self.immutable,
            ],
            body: body
        )
    }

    /// Takes many small blobs in one call; each is durable when the call is answered.
    private func takeBatch(_ request: Request) async throws -> Response {
        var reader = BundleReader(frameBytesMax: 8 << 20)
        var frames: [BundleReader.Frame] = []
        var size = 0
        for try await piece in request.body {
            for frame in try reader.read(piece.readableBytesView) {
                frames.append(frame)
                size += frame.head.rawCount
            }
            if size > 16 << 20 || frames.count > 5_000 {
                try await store.put(frames, at: Date())
                frames = []
                size = 0
            }
        }
        try reader.finish()
        if !frames.isEmpty { try await store.put(frames, at: Date()) }
        return Response(status: .noContent)
    }

    private func takeBlob(_ digest: ContentDigest, _ request: Request) async throws -> Response {
        if try await store.missing([digest], at: Date()).isEmpty { return Response(status: .ok) }
        var writer = store.blobWriter(for: digest)
        var size = 0
        for try await piece in request.body {
            size += piece.readableBytes
            guard size <= Self.blobBytesMax else {
                throw RequestProblem(
                    .contentTooLarge,
                    "A blob may have \(Self.blobBytesMax) bytes."
                )
            }
            try await writer.append(Array(piece.readableBytesView))
        }
        _ = try await writer.finish(at: Date())
        return Response(status: .created)
    }
}
