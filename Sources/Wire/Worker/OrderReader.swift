import Core
package import Foundation
import Synchronization

/// Reads a worker's orders, each job's document once.
package final class OrderReader: Sendable {
    private let specs = Mutex(RecentSpecs())

    package init() {}

    /// Makes a decoder whose orders come from here, where their jobs were read before.
    package func decoder() -> JSONDecoder {
        let decoder = WireCoding.decoder()
        if let key = Self.key { decoder.userInfo[key] = self }
        return decoder
    }

    /// The job of a document.
    ///
    /// - Throws: When it is none.
    func spec(in document: String) throws -> JobSpec {
        if let known = specs.withLock({ $0[document] }) { return known }
        let spec = try JSONDecoder().decode(JobSpec.self, from: Data(document.utf8))
        specs.withLock { $0.keep(spec, of: document) }
        return spec
    }

    private static let key = CodingUserInfoKey(rawValue: "slipway.orders")

    /// The one that made the decoder, else a new one.
    static func of(_ decoder: any Decoder) -> OrderReader {
        key.flatMap { decoder.userInfo[$0] as? OrderReader } ?? OrderReader()
    }
}
