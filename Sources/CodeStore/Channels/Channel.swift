package import Core

package import struct Foundation.Date

/// A channel as its page shows it.
package struct Channel: Equatable, Sendable {
    package var unit: String
    package var name: String
    /// From 0, in the order releases pass through.
    package var rank: Int
    package var policy: ChannelPolicy
    /// Of the newest row of the log about it; 0: there is none.
    package var rev: Int64
    /// Nil: nothing was ever promoted to it.
    package var release: Release?
    /// The row that moved it to its release.
    package var move: Promotion?
    /// Why builds leave it alone; nil: they need not.
    package var hold: String?
    /// Why it stands still; nil: it does not.
    package var freeze: String?
}

/// A unit as lists show it.
package struct Unit: Equatable, Sendable {
    package var name: String
    package var releases: Int
    package var createdAt: Date
}
