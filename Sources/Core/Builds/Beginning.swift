/// What a person's word that a held build shall begin now comes to.
package enum Beginning: Equatable, Sendable {
    /// Its times are over, and it goes on.
    case early(lifting: [BuildHold.Kind])
    /// The sentence says what to do instead.
    case refused(String)
}

extension [BuildHold] {
    /// Decides whether a build begins early because somebody says so.
    ///
    /// Only times are theirs to end. A place in a group keeps two builds from doing the same at
    /// once, and an approval is a word of its own, about what the build may do.
    package var beginning: Beginning {
        var kinds: [BuildHold.Kind] = []
        for hold in self {
            switch hold.kind {
            case .quiet, .time: kinds.append(hold.kind)
            case .concurrency:
                return .refused(
                    "\(hold.reason) Others of its group would run beside it: cancel them, and it "
                        + "begins."
                )
            case .approval:
                return .refused("\(hold.reason) `slipway build approve` lets it run.")
            }
        }
        return kinds.isEmpty
            ? .refused("Nothing holds it back: it begins by itself, or has begun.")
            : .early(lifting: kinds)
    }

    /// Whether a person's word is enough.
    package var canBeginEarly: Bool {
        switch beginning {
        case .early: true
        case .refused: false
        }
    }
}
