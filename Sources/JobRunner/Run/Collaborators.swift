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
