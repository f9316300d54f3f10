/// The job specs that were read last, by the documents that hold them.
///
/// Builds of one pipeline have the same documents, and decoding one takes longer than all that
/// moves its job from room to room.
package struct RecentSpecs: Sendable {
    /// Together they bound what is held to a megabyte or two.
    private static let countMax = 256
    private static let bytesMax = 4_096

    private var specs: [String: JobSpec] = [:]

    package init() {}

    package subscript(document: String) -> JobSpec? { specs[document] }

    /// Keeps a spec, unless its document is long.
    package mutating func keep(_ spec: JobSpec, of document: String) {
        guard document.utf8.count <= Self.bytesMax else { return }
        if specs.count >= Self.countMax { specs.removeAll(keepingCapacity: true) }
        specs[document] = spec
    }
}
