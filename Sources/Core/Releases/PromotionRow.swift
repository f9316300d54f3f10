/// A row of the promotion log in the form that is hashed.
///
/// A row's hash is the SHA-256 of the hash before it, as 32 bytes, and ``canonicalBytes``; the row
/// before the first counts as ``ContentDigest/zero``. Whoever changes, drops or swaps a row changes
/// every hash after it.
package struct PromotionRow: Equatable, Sendable {
    package var rev: Int64
    package var unit: String
    package var channel: String
    package var kind: PromotionKind
    package var from: ContentDigest?
    package var to: ContentDigest?
    package var actor: PromotionActor
    package var reason: String
    /// Milliseconds since 1970.
    package var at: Int64

    package init(
        rev: Int64,
        unit: String,
        channel: String,
        kind: PromotionKind,
        from: ContentDigest?,
        to: ContentDigest?,
        actor: PromotionActor,
        reason: String,
        at: Int64
    ) {
        self.rev = rev
        self.unit = unit
        self.channel = channel
        self.kind = kind
        self.from = from
        self.to = to
        self.actor = actor
        self.reason = reason
        self.at = at
    }

    package var canonicalBytes: [UInt8] {
        var json = CanonicalJSON()
        json.raw("{\"actor\":")
        json.string(actor.description)
        json.raw(",\"at\":")
        json.integer(at)
        json.raw(",\"channel\":")
        json.string(channel)
        json.raw(",\"from\":")
        json.digest(orNull: from)
        json.raw(",\"kind\":")
        json.string(kind.rawValue)
        json.raw(",\"reason\":")
        json.string(reason)
        json.raw(",\"rev\":")
        json.integer(rev)
        json.raw(",\"to\":")
        json.digest(orNull: to)
        json.raw(",\"unit\":")
        json.string(unit)
        json.raw("}")
        return json.bytes
    }
}
