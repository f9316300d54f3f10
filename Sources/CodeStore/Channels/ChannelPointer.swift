package import Core

package import struct Foundation.Date

/// Where a channel points: what its nodes run.
package struct ChannelPointer: Equatable, Sendable {
    package var unit: String
    package var channel: String
    /// Of the newest row of the log about this channel.
    package var rev: Int64
    /// Of the release's manifest.
    package var release: ContentDigest
    package var version: String
    /// Of the newest row.
    package var kind: PromotionKind
    /// Why builds leave the channel alone; nil: they need not.
    package var hold: String?
    /// Why the channel stands still; nil: it does not.
    package var freeze: String?
    /// The hash of row ``rev``, which commits to every row before it.
    package var logHead: ContentDigest
    /// When the newest row was written.
    package var at: Date
}

/// The name of a channel.
package struct ChannelKey: Hashable, Sendable {
    package var unit: String
    package var channel: String

    package init(unit: String, channel: String) {
        self.unit = unit
        self.channel = channel
    }
}
