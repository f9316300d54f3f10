package import Core

package import struct Foundation.Date

/// What a node says of itself.
package struct NodeReport: Equatable, Sendable {
    package static let idBytesMax = 128
    package static let errorsMax = 16
    /// Longer texts are cut.
    package static let errorBytesMax = 4096

    package var id: String
    package var unit: String
    package var channel: String
    /// The newest rev it has heard of.
    package var seenRev: Int64?
    /// The manifest of a release it is ready to run.
    package var prepared: ContentDigest?
    /// The manifest of the release it runs.
    package var active: ContentDigest?
    package var errors: [String]
    package var host: String?
    package var pid: Int?

    package init(
        id: String,
        unit: String,
        channel: String,
        seenRev: Int64? = nil,
        prepared: ContentDigest? = nil,
        active: ContentDigest? = nil,
        errors: [String] = [],
        host: String? = nil,
        pid: Int? = nil
    ) {
        self.id = id
        self.unit = unit
        self.channel = channel
        self.seenRev = seenRev
        self.prepared = prepared
        self.active = active
        self.errors = errors
        self.host = host
        self.pid = pid
    }
}

/// A node as lists show it.
package struct Node: Equatable, Sendable {
    /// With its errors cut to their limits.
    package var report: NodeReport
    /// Nil: it runs nothing, or nothing this store knows.
    package var activeVersion: String?
    /// Nil: it prepared nothing, or nothing this store knows.
    package var preparedVersion: String?
    package var seenAt: Date
}
