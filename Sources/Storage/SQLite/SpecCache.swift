import Core
import Synchronization

/// The job specs that were read last, for all connections.
final class SpecCache: Sendable {
    private let specs = Mutex(RecentSpecs())

    /// Throws when the text is no job spec.
    func spec(in text: String) throws -> JobSpec {
        if let known = specs.withLock({ $0[text] }) { return known }
        let spec = try Text.value(JobSpec.self, in: text)
        specs.withLock { $0.keep(spec, of: text) }
        return spec
    }
}
