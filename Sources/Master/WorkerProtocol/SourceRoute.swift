import Core
import Foundation
import Git
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// `GET /worker/v1/source/{repository}/{sha}?have=…&depth=…`: the commit as a Git pack.
///
/// A worker needs no Git credentials, and gets only commits of jobs it holds a lease on.
struct SourceRoute: Sendable {
    let database: ControlDatabase
    let leases: LeaseTable
    let mirrors: Mirrors
    /// Where packs lie while they are sent.
    let folder: String

    func add(to routes: Routes) {
        routes.on(.get, "/worker/v1/source/:repository/:sha", needs: .work) { request, context in
            let name = try context.name("repository")
            let sha = try context.name("sha")
            let repository = try await self.repository(name, sha, context.principal.name)
            let haves = (request.query("have") ?? "").split(separator: ",").map(String.init)
                .filter(Ref.isSHA).prefix(64)
            // An older worker does not say; 0 is the whole history.
            let depth = try request.number("depth", default: 50, in: 0...Int.max)
            return try await pack(
                sha,
                haves: Array(haves),
                depth: depth == 0 ? nil : depth,
                of: repository
            )
        }
    }

    private func repository(_ name: String, _ sha: String, _ worker: String) async throws
        -> Repository
    {
        let attempts = leases.attempts(of: worker)
        let repository = try await database.read { tx -> Repository? in
            let isLeased = try attempts.contains { id in
                let build = try tx.attempt(id)?.build
                return build?.repositoryName == name && build?.sha == sha
            }
            return isLeased ? try tx.repository(named: name) : nil
        }
        guard let repository else {
            throw RequestProblem(
                .conflict,
                "You hold no lease on a job of commit \(sha.prefix(8)) in \(name)."
            )
        }
        return repository
    }

    private func pack(
        _ sha: String,
        haves: [String],
        depth: Int?,
        of repository: Repository
    ) async throws -> Response {
        let path = "\(folder)/\(UUID().uuidString).pack"
        defer { unlink(path) }
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw RequestProblem(
                .init(code: 507, reasonPhrase: "Insufficient Storage"),
                "A source pack cannot be written: is the disk of the master full?"
            )
        }
        // Opened before it is unlinked: the bytes live as long as the answer does.
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try await mirrors.mirror(of: repository).read { reader in
            try reader.writeSource(of: sha, haves: haves, depth: depth, to: file.fileDescriptor)
        }
        let size = try file.seekToEnd()
        try file.seek(toOffset: 0)
        let body = ResponseBody(contentLength: Int(size)) { writer in
            while let piece = try file.read(upToCount: 256 << 10), !piece.isEmpty {
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/x-git-bundle"],
            body: body
        )
    }
}
