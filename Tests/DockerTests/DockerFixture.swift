import Docker
import Foundation
import Synchronization

/// A scratch folder and a label; what carries the label is removed when the body ends.
struct DockerFixture {
    static let label = "slipway.test"

    let engine: DockerEngine
    let folder: String
    let id: String

    var labels: [String: String] { [Self.label: id] }

    static func scoped(
        engine: DockerEngine = DockerEngine(),
        _ body: (DockerFixture) async throws -> Void
    ) async throws {
        let id = UUID().uuidString.lowercased()
        let folder = FileManager.default.temporaryDirectory.appending(path: "docker-\(id)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let fixture = DockerFixture(engine: engine, folder: folder.path, id: id)
        do {
            try await body(fixture)
        } catch {
            try await fixture.removeAll()
            throw error
        }
        try await fixture.removeAll()
    }

    private func removeAll() async throws {
        for kind in LabelledKind.allCases {
            for object in try await list(kind) { try await engine.remove(object) }
        }
        try FileManager.default.removeItem(atPath: folder)
    }

    func list(_ kind: LabelledKind) async throws -> [LabelledObject] {
        // A test may have a broken engine of its own, so the real one cleans up.
        try await DockerEngine()
            .list(kind, label: Self.label, value: id, telling: Self.label)
    }

    func spec(_ command: [String], mounts: [Mount] = []) throws -> ContainerSpec {
        ContainerSpec(
            name: "slipway-test-\(id)",
            image: try ImageReference("busybox:1"),
            command: command,
            labels: labels,
            mounts: mounts,
            network: .none
        )
    }

    /// An executable script in the scratch folder, in place of docker.
    func script(_ text: String) throws -> DockerEngine {
        let path = "\(folder)/docker"
        try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return DockerEngine(executable: path)
    }
}

/// What an engine said, piece by piece.
final class Heard: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
    var count: Int { bytes.withLock { $0.count } }

    func hear(_ more: [UInt8]) { bytes.withLock { $0 += more } }
}
