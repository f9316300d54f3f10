import Core
import Synchronization

/// The job specs that were read last, by their text.
///
/// Builds of one pipeline hold the same texts, and decoding one takes longer than all the
/// statements that move its job.
final class SpecCache: Sendable {
    /// Together they bound what the cache holds to a megabyte or two.
    private static let countMax = 256
    private static let bytesMax = 4_096

    private let specs = Mutex<[String: JobSpec]>([:])

    /// Throws when the text is no job spec.
    func spec(in text: String) throws -> JobSpec {
        if let known = specs.withLock({ $0[text] }) { return known }
        let spec = try Text.value(JobSpec.self, in: text)
        guard text.utf8.count <= Self.bytesMax else { return spec }
        specs.withLock { specs in
            if specs.count >= Self.countMax { specs.removeAll(keepingCapacity: true) }
            specs[text] = spec
        }
        return spec
    }
}
