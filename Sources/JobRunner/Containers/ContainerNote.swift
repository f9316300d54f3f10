import Core

/// A container of a berth, as its folder keeps it: written before the engine is asked.
struct ContainerNote: Equatable, Sendable, Codable {
    /// Counts per berth, from 0; a container that is gone is never replaced under its number.
    let ordinal: Int
    let image: ReadyImage
    var isGone = false
}

/// An image that is here.
struct ReadyImage: Hashable, Sendable, Codable {
    /// What the pipeline named.
    let source: ImageSource
    let reference: String
    /// The engine's content id.
    let id: String
}
