import Core

/// How one try of a step came to its end.
struct TryEnd {
    var ending: StepEnding
    /// Set where it was not the step's own program that ended it.
    var verdict: Verdict?
    var exit: StepExit?
    var mayBeTriedAgain = true
    /// Whether its container waits for another step.
    var isContainerAlive: Bool

    init(_ exit: StepExit) {
        ending = .exited(exit.code)
        self.exit = exit
        isContainerAlive = true
    }

    init(
        _ verdict: Verdict,
        _ ending: StepEnding,
        _ exit: StepExit? = nil,
        mayBeTriedAgain: Bool = true
    ) {
        self.ending = ending
        self.verdict = verdict
        self.exit = exit
        self.mayBeTriedAgain = mayBeTriedAgain
        isContainerAlive = false
    }

    /// Why, where the exit code alone does not say.
    var reason: String? { verdict?.reason ?? exit?.reason }
}
