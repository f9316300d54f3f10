/// How the work of a step came to its end.
package enum StepEnding: Equatable, Sendable {
    case exited(Int)
    /// Over its own limit, or silent for too long.
    case timedOut
    /// Our machinery broke.
    case broke
}

/// Decides what a step's end means.
///
/// A code that `exit_codes` names means what it says, 0 is success and everything else failure;
/// `allow_failure` turns a failure into warnings, but never what our machinery broke.
package func verdict(of step: StepSpec, on ending: StepEnding) -> BuildResult {
    let result = rawResult(of: step, on: ending)
    return result == .failure && step.allowFailure ? .warnings : result
}

/// Decides whether a step is run again in the same attempt.
///
/// - Parameters:
///   - step: The step with its `retry`.
///   - ending: How the last try ended.
///   - tries: How many tries there were, the last one included.
///   - isCancelled: Whether nobody wants the result any more.
/// - Returns: Whether there is another try.
package func isRetried(
    _ step: StepSpec,
    after ending: StepEnding,
    tries: Int,
    isCancelled: Bool
) -> Bool {
    guard let rule = step.retry, !isCancelled, tries <= rule.max else { return false }
    let result = rawResult(of: step, on: ending)
    guard !result.isGreen else { return false }
    return rule.causes.contains { cause in
        switch (cause, ending) {
        case (.code(let wanted), .exited(let code)): wanted == code
        case (.failure, .exited): result == .failure
        case (.exception, .exited): result == .exception
        case (.exception, .broke), (.timeout, .timedOut): true
        case (.code, .timedOut), (.code, .broke), (.failure, .timedOut), (.failure, .broke),
            (.exception, .timedOut), (.timeout, .exited), (.timeout, .broke):
            false
        }
    }
}

private func rawResult(of step: StepSpec, on ending: StepEnding) -> BuildResult {
    switch ending {
    case .exited(let code): step.exitCodes[code]?.result ?? (code == 0 ? .success : .failure)
    case .timedOut: .failure
    case .broke: .exception
    }
}

extension ExitMeaning {
    /// The same word as a result.
    package var result: BuildResult {
        switch self {
        case .success: .success
        case .warnings: .warnings
        case .skipped: .skipped
        case .failure: .failure
        case .exception: .exception
        }
    }
}
