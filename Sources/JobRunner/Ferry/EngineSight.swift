import Docker
import Foundation
import Glibc

/// Whether the engine that the `docker` command finds sees this machine's files.
package enum EngineSight: Equatable, Sendable {
    /// Containers mount folders of this machine.
    case shared
    /// The engine is elsewhere, or this machine is itself a container.
    case apart
    /// There is no image to try it with.
    case unknown
}

extension EngineSight {
    /// Tries it with a file in a folder of its own below the one that is given.
    ///
    /// A container is made of any image that is there, looked into, and removed; it is never
    /// started.
    package static func of(_ folder: String) async throws -> EngineSight {
        let engine = DockerEngine()
        guard let image = try await engine.anyImage() else { return .unknown }
        let word = UUID().uuidString
        let place = "\(folder)/.slipway-look-\(word)"
        try Folder.create(place, mode: 0o755)
        defer { try? TreeRemoval.remove(place) }
        try Folder.write(Array(word.utf8), to: "\(place)/word")
        let spec = ContainerSpec(
            name: "slipway-look-\(word)",
            image: image,
            entrypoint: "/never-started",
            mounts: [.bind(source: place, target: "/look", isReadOnly: true)],
            network: .none
        )
        do {
            _ = try await engine.create(spec)
        } catch let error as DockerError where error.code == .notShared {
            return .apart
        }
        let seen = "\(place)/seen"
        try? await engine.copy("/look/word", of: spec.name, to: seen)
        try await engine.remove(spec.name)
        return try Folder.read(seen) == Array(word.utf8) ? .shared : .apart
    }
}
