/// What a release must have been through before a channel takes it.
package struct ChannelPolicy: Equatable, Sendable, Codable {
    /// The channel that must have run the release before; nil: none.
    package var from: String?

    package init(from: String? = nil) {
        self.from = from
    }
}

/// Everything the decision to move a channel depends on.
package struct PromotionCase: Equatable, Sendable {
    package enum Move: Sendable, CaseIterable {
        case promote
        case rollback
    }

    package var move: Move
    package var actor: PromotionActor.Kind
    package var policy: ChannelPolicy
    /// Why the release was rejected; nil: it was not.
    package var rejection: String?
    /// Why builds leave the channel alone; nil: they need not.
    package var hold: String?
    /// Why the channel stands still; nil: it does not.
    package var freeze: String?
    /// Whether the channel the policy names runs the release or has run it.
    package var hasBeenInFrom: Bool
    /// Whether the channel itself runs the release or has run it.
    package var hasBeenHere: Bool

    package init(
        move: Move,
        actor: PromotionActor.Kind,
        policy: ChannelPolicy,
        rejection: String?,
        hold: String?,
        freeze: String?,
        hasBeenInFrom: Bool,
        hasBeenHere: Bool
    ) {
        self.move = move
        self.actor = actor
        self.policy = policy
        self.rejection = rejection
        self.hold = hold
        self.freeze = freeze
        self.hasBeenInFrom = hasBeenInFrom
        self.hasBeenHere = hasBeenHere
    }
}

/// One thing that stands between a release and a channel.
package enum UnmetCondition: Equatable, Sendable {
    case rejected(reason: String)
    case notYet(in: String)
    case held(reason: String)
    case frozen(reason: String)
    case neverHere

    /// What is not met, as a sentence's second half: "production cannot take it: …".
    package var problem: String {
        switch self {
        case .rejected(let reason): "the release was rejected: \(reason)"
        case .notYet(let channel): "the release has not been in \(channel)"
        case .held(let reason): "the channel is on hold for builds: \(reason)"
        case .frozen(let reason): "the channel is frozen: \(reason)"
        case .neverHere: "the channel has never run this release"
        }
    }

    /// What would meet it.
    package var remedy: String {
        switch self {
        case .rejected: "publish a new version; a rejection is final"
        case .notYet(let channel): "promote it to \(channel) first"
        case .held: "a person promotes, or ends the hold"
        case .frozen: "wait for the end of the freeze, or end it; a rollback is free to go"
        case .neverHere: "promote the release instead of rolling back to it"
        }
    }
}

/// Decides whether a channel may move, and lists everything that stands against it.
///
/// A rollback leads to what the channel has already run: neither policy nor freeze nor hold stop
/// it, because the way back must be open when the way forward is shut.
package func unmetConditions(of promotion: PromotionCase) -> [UnmetCondition] {
    var unmet: [UnmetCondition] = []
    if let reason = promotion.rejection { unmet.append(.rejected(reason: reason)) }
    switch promotion.move {
    case .rollback:
        if !promotion.hasBeenHere { unmet.append(.neverHere) }
    case .promote:
        if let from = promotion.policy.from, !promotion.hasBeenInFrom {
            unmet.append(.notYet(in: from))
        }
        if let reason = promotion.hold, promotion.actor == .build {
            unmet.append(.held(reason: reason))
        }
        if let reason = promotion.freeze { unmet.append(.frozen(reason: reason)) }
    }
    return unmet
}
