import CodeStore
import Core
import Foundation
import HTTPTypes
import Storage
import Wire

/// Keeps what jobs leave: files by content in the code store, a list of them beside.
struct ArtifactKeeper: Sendable {
    static let filesMax = 10_000

    let store: CodeStoreDatabase

    /// Writes the list of each artifact and holds its blobs, which are in the store already.
    ///
    /// Repeating it with the same content changes nothing.
    func keep(_ reports: [ArtifactReport], by lease: LeaseTable.Lease) async throws
        -> [ArtifactDraft]
    {
        var drafts: [ArtifactDraft] = []
        for report in reports {
            guard report.files.count <= Self.filesMax else {
                throw RequestProblem(
                    .contentTooLarge,
                    "An artifact may have \(Self.filesMax) files."
                )
            }
            let files = report.files.sorted { $0.path < $1.path }
            let digests = try files.map { try $0.digest }
            let missing = try await store.missing(digests, at: Date())
            guard missing.isEmpty else {
                throw RequestProblem(
                    .conflict,
                    "\(missing.count) blobs of artifact \(report.name) are not uploaded."
                )
            }
            let list = try await store.put(
                Array(try WireCoding.encoder().encode(files)),
                at: Date()
            )
            try await store.pin(digests + [list], for: holder(lease, report.name))
            drafts.append(
                ArtifactDraft(
                    name: report.name,
                    digest: list.description,
                    files: files.count,
                    bytes: files.reduce(0) { $0 + $1.size }
                )
            )
        }
        return drafts
    }

    /// The files of an artifact.
    func files(of artifact: Artifact) async throws -> [FileEntry] {
        guard let digest = ContentDigest(artifact.digest) else {
            throw RequestProblem.notFound("list of artifact \(artifact.name)")
        }
        var bytes: [UInt8] = []
        for try await piece in try await store.bytes(of: digest) { bytes += piece }
        return try WireCoding.decoder().decode([FileEntry].self, from: Data(bytes))
    }

    private func holder(_ lease: LeaseTable.Lease, _ name: String) -> String {
        "artifact \(lease.attempt) \(name)"
    }
}

extension FileEntry {
    /// The content's digest; a text that is none is the worker's mistake.
    var digest: ContentDigest {
        get throws {
            guard let digest = ContentDigest(sha256) else {
                throw RequestProblem(.badRequest, "`\(path)` has no SHA-256 digest.")
            }
            return digest
        }
    }

    /// As an entry of a release.
    var releaseEntry: ReleaseEntry {
        get throws {
            guard let mode = EntryMode(rawValue: mode) else {
                throw RequestProblem(.badRequest, "`\(path)` has a mode that no file has.")
            }
            return ReleaseEntry(
                path: try ReleasePath(path),
                digest: try digest,
                size: size,
                mode: mode
            )
        }
    }
}
