import Core
import Foundation
import Git
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Wire

/// `GET /worker/v1/source/{repository}/{sha}?have=…&depth=…`: the commit as a Git pack.
///
/// A worker needs no Git credentials, and gets only commits of jobs it holds a lease on. The same
/// below `/submodules` for the commits that those have as submodules.
struct SourceRoute: Sendable {
    let database: ControlDatabase
    let leases: LeaseTable
    let mirrors: Mirrors
    let submodules: SubmoduleDesk
    /// Where packs lie while they are sent.
    let folder: String

    func add(to routes: Routes) {
        routes.on(.get, "/worker/v1/source/:repository/:sha", needs: .work) { request, context in
            let (build, repository) = try await leased(context)
            return try await pack(build.sha, of: mirrors.mirror(of: repository), to: request)
        }
        let list = "/worker/v1/source/:repository/:sha/submodules"
        routes.on(.get, list, needs: .work) { _, context in
            let (build, repository) = try await leased(context)
            let found = try await held(by: build, in: repository)
            return try json(SubmodulesMessage(submodules: found.map(SubmoduleMessage.init)))
        }
        routes.on(.get, "\(list)/:index", needs: .work) { request, context in
            let (build, repository) = try await leased(context)
            let index = Int(try context.number("index"))
            let found = try await held(by: build, in: repository)
            guard found.indices.contains(index) else {
                throw RequestProblem.notFound("submodule \(index) of \(build.sha.prefix(8))")
            }
            return try await pack(found[index].submodule.sha, of: found[index].mirror, to: request)
        }
    }

    /// A worker tries again what fails with 5xx: these are statuses that end its job.
    private func held(by build: Build, in repository: Repository) async throws -> [HeldSubmodule] {
        do {
            return try await submodules.submodules(of: build, in: repository)
        } catch let error as SubmoduleError {
            switch error.code {
            case .refused, .missing: throw RequestProblem(.unprocessableContent, error.message)
            case .unavailable:
                throw RequestProblem(
                    .init(code: 424, reasonPhrase: "Failed Dependency"),
                    error.message
                )
            }
        }
    }

    /// The build of that commit that the caller works on, and its repository.
    private func leased(_ context: MasterContext) async throws -> (Build, Repository) {
        let name = try context.name("repository")
        let sha = try context.name("sha")
        let attempts = leases.attempts(of: context.principal.name)
        let found = try await database.read { tx -> (Build, Repository)? in
            let builds = try attempts.compactMap { try tx.attempt($0)?.build }
            guard let build = builds.first(where: { $0.repositoryName == name && $0.sha == sha }),
                let repository = try tx.repository(named: name)
            else { return nil }
            return (build, repository)
        }
        guard let found else {
            throw RequestProblem(
                .conflict,
                "You hold no lease on a job of commit \(sha.prefix(8)) in \(name)."
            )
        }
        return found
    }

    private func pack(
        _ sha: String,
        of mirror: Mirror,
        to request: Request
    ) async throws -> Response {
        let haves = Array(
            (request.query("have") ?? "").split(separator: ",").map(String.init)
                .filter(Ref.isSHA).prefix(64)
        )
        // An older worker does not say; 0 is the whole history.
        let asked = try request.number("depth", default: 50, in: 0...Int.max)
        let depth = asked == 0 ? nil : asked
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
        try await mirror.read { reader in
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

extension SubmoduleMessage {
    fileprivate init(_ held: HeldSubmodule) {
        self.init(
            path: held.submodule.path,
            name: held.submodule.name,
            url: held.submodule.url,
            sha: held.submodule.sha,
            parent: held.submodule.parent,
            store: held.store
        )
    }
}
