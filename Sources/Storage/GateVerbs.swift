package import Core

package import struct Foundation.Date

/// The verbs about gates: jobs that wait for people.
package protocol GateVerbs {
    /// Those that wait, longest first.
    func waitingGates(limit: Int) throws -> [Gate]
    /// Of one build, decided ones included, in the order of its jobs and steps.
    func gates(of build: BuildID) throws -> [Gate]
    /// The one of this name that waits, else the one that was decided last.
    func gate(named name: String, of job: JobID) throws -> Gate?
    /// Notes what somebody says about a gate, and does what follows, as
    /// ``Core/decide(_:on:by:owners:)`` decides. Throws `refused` and `notFound`.
    func say(
        _ word: GateWord,
        about gate: String,
        of job: JobID,
        by caller: GateCaller,
        ownersMayOpen: Bool
    ) throws -> GateMove
    /// Whether some gate's time is over.
    func hasOverdueGate(at now: Date) throws -> Bool
    /// Ends the jobs whose gates nobody opened in time.
    func expireGates(at now: Date) throws -> [GateMove]
    /// The attempt whose log of this step counts; nil before the first.
    func attempt(withLogOf step: Int, of job: JobID) throws -> AttemptID?
}
