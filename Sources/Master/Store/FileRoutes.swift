import CodeStore
import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `/files/{unit}/{channel|version}/{path}`: single files, for clients that know only HTTP.
struct FileRoutes: Sendable {
    let store: CodeStoreDatabase

    func add(to routes: Routes) {
        routes.on(.get, "/files/:unit/:place/**", needs: .read) { request, context in
            let unit = try context.name("unit")
            let place = try context.name("place")
            let path = context.parameters.getCatchAll().joined(separator: "/")
            let file = try await store.file(
                try ReleasePath(path.removingPercentEncoding ?? path),
                of: unit,
                at: place
            )
            return try await answer(file, request)
        }
    }

    private func answer(_ file: ReleaseFile, _ request: Request) async throws -> Response {
        let tag = "\"\(file.digest)\""
        var headers: HTTPFields = [
            .contentType: "application/octet-stream",
            .contentDisposition: "attachment",
            .contentSecurityPolicy: "sandbox; default-src 'none'",
            .eTag: tag,
            .cacheControl: "no-cache",
            .acceptRanges: "bytes",
        ]
        if request.headers[.ifNoneMatch] == tag {
            return Response(status: .notModified, headers: headers)
        }
        var wanted = 0..<file.size
        var status = HTTPResponse.Status.ok
        switch request.headers[.range].flatMap({ ByteRange($0, length: file.size) }) {
        case nil: break
        case .part(let range):
            wanted = range
            status = .partialContent
            headers[.contentRange] =
                "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(file.size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
        let bytes = try await store.bytes(of: file.digest, in: wanted)
        let body = ResponseBody(contentLength: wanted.count) { writer in
            for try await piece in bytes { try await writer.write(ByteBuffer(bytes: piece)) }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }
}
