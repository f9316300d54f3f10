import Core
import Foundation
import Git
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Wire

/// Takes in what somebody has not pushed, and builds it.
///
/// Its commit is held by a ref of ours in the mirror, which ``TryUpkeep`` lets go of later; no
/// repository ever gets a branch of it.
struct TryActions: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    let builds: BuildActions
    /// Where bundles lie while they are taken in.
    let folder: String

    func known(among shas: [String], in name: String) async throws -> [String] {
        guard shas.count <= CommitsMessage.countMax else {
            throw RequestProblem(
                .badRequest,
                "`commits` may hold \(CommitsMessage.countMax) of them: send the newest."
            )
        }
        let repository = try await repository(name)
        return try await mirrors.mirror(of: repository).read { $0.known(among: shas) }
    }

    func take(_ body: RequestBody, as sha: String, in name: String) async throws {
        guard Ref.isSHA(sha) else { throw RequestProblem.notFound("commit \(sha)") }
        let repository = try await repository(name)
        let path = "\(folder)/try-\(UUID().uuidString).bundle"
        defer { unlink(path) }
        try await receive(body, into: path)
        // First the note: what is held without one would be held for ever.
        try await database.write { try $0.noteTrial(sha, of: repository.id, at: Date()) }
        do {
            try await mirrors.mirror(of: repository).takeTrial(at: path, of: sha)
        } catch let error as GitError {
            throw RequestProblem(
                error.code == .tooLarge ? .contentTooLarge : .unprocessableContent,
                "This try cannot be taken: \(error)."
            )
        }
    }

    func start(
        _ message: StartTryMessage,
        in name: String,
        by actor: String,
        idempotencyKey: String?
    ) async throws -> [Build] {
        let repository = try await repository(name)
        let commit = try await commit(message.sha, of: repository)
        let parents = try await mirrors.mirror(of: repository).read {
            try $0.commit(commit.sha).parents
        }
        let change = Change(
            repository: repository.id,
            event: .trial,
            ref: Ref.trial(by: actor, of: message.branch),
            before: parents.first,
            commit: commit,
            actor: actor
        )
        let drafts = try await mirrors.drafts(
            for: change,
            in: repository,
            only: message.pipeline,
            inputs: message.inputs ?? [:],
            reason: "Try by \(actor)"
        ).filter { !$0.isPassed }
        try builds.refuseInputs(message.inputs ?? [:], drafts)
        guard !drafts.isEmpty else { throw nothingToTry(message) }
        try await mirrors.keep(commit.sha, of: repository)
        let started = try await database.write { tx in
            try tx.start(drafts, for: change, idempotencyKey: idempotencyKey, at: Date())
        }
        builds.announce(started)
        return started
    }

    private func repository(_ name: String) async throws -> Repository {
        guard let repository = try await database.read({ try $0.repository(named: name) }) else {
            throw RequestProblem.notFound("repository \(name)")
        }
        return repository
    }

    private func commit(_ sha: String, of repository: Repository) async throws -> Commit {
        do {
            guard Ref.isSHA(sha) else { throw GitError(.notFound, "\(sha) is no commit") }
            return try await mirrors.commit(sha, of: repository)
        } catch let error as GitError where error.code == .notFound {
            throw RequestProblem(
                .notFound,
                "Repository \(repository.name) has no commit \(sha.prefix(40)): send it first, "
                    + "with PUT /api/v1/repositories/\(repository.name)/tries/SHA."
            )
        }
    }

    private func nothingToTry(_ message: StartTryMessage) -> RequestProblem {
        if let pipeline = message.pipeline {
            return RequestProblem(
                .notFound,
                "There is no pipeline `\(pipeline)` in what was sent: is its file in pipelines/?"
            )
        }
        return RequestProblem(
            .unprocessableContent,
            "Nothing is to be built: no pipeline in what was sent would be started by a push of "
                + "\(message.branch ?? "it"), or by a pull request. `--pipeline` names one that "
                + "is tried all the same."
        )
    }

    private func receive(_ body: RequestBody, into path: String) async throws {
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw RequestProblem(
                .init(code: 507, reasonPhrase: "Insufficient Storage"),
                "A try cannot be written down: is the disk of the master full?"
            )
        }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        var count = 0
        for try await piece in body {
            count += piece.readableBytes
            guard count <= TrialPack.bytesMax else {
                throw RequestProblem(
                    .contentTooLarge,
                    "A try may have \(TrialPack.bytesMax >> 20) MiB that the server lacks: push "
                        + "first, or let .gitignore leave out what is built and downloaded."
                )
            }
            try file.write(contentsOf: piece.readableBytesView)
        }
    }
}
