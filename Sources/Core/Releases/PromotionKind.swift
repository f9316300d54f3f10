/// What a row of the promotion log says happened to a channel.
package enum PromotionKind: String, Sendable, CaseIterable {
    case promote
    case rollback
    /// From here on builds leave the channel alone.
    case hold
    case unhold
    /// From here on nothing but a rollback moves the channel.
    case freeze
    case thaw
}

/// Who moves a channel.
package struct PromotionActor: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case person
        /// A step of a build: automation, which respects holds.
        case build
    }

    package var kind: Kind
    package var name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }
}

extension PromotionActor: CustomStringConvertible {
    /// The form of the log, such as `person:mira`.
    package var description: String { "\(kind.rawValue):\(name)" }
}
