package import Core

/// Brings a job's source into its workspace.
package protocol SourceProvider: Sendable {
    /// Fills the workspace, which is there and empty.
    ///
    /// What it says goes to the setup's log. It must end soon when its task is cancelled. An error
    /// of code `missing` is the user's and fails the job; any other makes it an exception.
    func populate(_ berth: Berth, log: StepLog) async throws
}

/// Performs the steps that are no commands: download, publish, promote.
package protocol StepActions: Sendable {
    /// Whether a gate ends the run, to be gone on with elsewhere once people have agreed; else it
    /// is a step like any other.
    var endsAtGates: Bool { get }

    /// Does the step, or finds it already done: after a crash it is asked again.
    ///
    /// It must end soon when its task is cancelled.
    func perform(
        _ action: StepAction,
        step: Int,
        in berth: Berth,
        log: StepLog
    ) async throws -> Verdict
}

/// Knows the secrets that the steps of a job ask for.
package protocol SecretSource: Sendable {
    /// The values of all of these names.
    ///
    /// Where one is missing it throws a ``JobRunnerError`` of code `missing`, which says what to do
    /// and fails the job. It must end soon when its task is cancelled.
    func secrets(_ names: Set<String>, for berth: Berth) async throws -> [String: String]
}
