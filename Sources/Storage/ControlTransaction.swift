package import Core

package import struct Foundation.Date

/// The verbs of one transaction on the control database, in words of the domain.
///
/// Each verb leaves every invariant true; several may ride in one transaction. All are
/// synchronous: nothing can happen between reading and writing. The SQLite behind it could be
/// another database, so no SQL word or driver type appears here.
package protocol ControlTransaction: HoldVerbs, HookVerbs, PullRequestVerbs, TrialVerbs,
    TimetableVerbs, MergingVerbs, FollowUpVerbs, SummaryVerbs, QueueingVerbs, GateVerbs,
    SecretVerbs
{
    // MARK: Repositories

    /// All of them, by name.
    func repositories() throws -> [Repository]
    func repository(named name: String) throws -> Repository?
    /// Adds a repository; throws ``StorageError/Code/nameTaken``.
    func addRepository(_ draft: RepositoryDraft, at now: Date) throws -> Repository
    /// Removes it with its builds; throws ``StorageError/Code/busy`` while one of them runs.
    func removeRepository(named name: String) throws -> Bool
    /// Notes how a fetch ended.
    func recordFetch(of id: RepositoryID, error: String?, at now: Date) throws
    /// The refs as they were last acted on: full name to commit.
    func refs(of id: RepositoryID) throws -> [String: String]
    /// Takes the refs as given without starting anything: the first fetch of all.
    func baseline(_ id: RepositoryID, refs: [String: String]) throws

    // MARK: Changes and builds

    /// Moves the ref from `change.before` to the change's commit and starts the builds, once.
    ///
    /// Returns nil, and does nothing, when the ref no longer stands at `change.before`: someone
    /// acted on this move already.
    func accept(_ change: Change, starting builds: [BuildDraft], at now: Date) throws -> [Build]?
    /// Forgets a deleted ref.
    func forgetRef(_ ref: String, of id: RepositoryID, at sha: String) throws
    /// Starts builds nobody pushed for; with a key, a second call returns the first one's builds.
    func start(
        _ builds: [BuildDraft],
        for change: Change,
        idempotencyKey: String?,
        at now: Date
    ) throws -> [Build]
    func build(_ id: BuildID) throws -> Build?
    /// Newest first, older than `cursor`.
    func builds(_ filter: BuildFilter, limit: Int, before cursor: BuildID?) throws -> [Build]
    /// With the steps of their newest attempt, in the order of the pipeline.
    func jobs(of build: BuildID) throws -> [Job]
    func job(_ id: JobID) throws -> Job?
    /// Ends what waits, and marks what runs: those attempts are returned. Nil: no such build.
    func cancel(_ build: BuildID, by actor: String, at now: Date) throws -> [Attempt]?
    /// A new build of the same commit and pipeline. With `failedOnly`, green jobs are taken over
    /// as finished with their artifacts. Throws ``StorageError/Code/conflict`` while it runs.
    func retry(_ build: BuildID, failedOnly: Bool, by actor: String, at now: Date) throws -> Build

    // MARK: The queue

    /// Gives waiting jobs to workers, as ``Core/assign(_:to:)`` decides, and records why the
    /// rest waits.
    func dispatch(to workers: [WorkerSnapshot], at now: Date) throws -> [Offer]
    /// Everything that waits and why, oldest first; jobs blocked by needs included.
    func queue(limit: Int) throws -> [QueueEntry]

    // MARK: Attempts

    /// Of every offered or running attempt; the master leases them anew when it starts.
    func liveAttempts() throws -> [LiveAttempt]
    func attempt(_ id: AttemptID) throws -> LiveAttempt?
    /// What values may be put into the job of an attempt before its worker gets it.
    func readyNames(of live: LiveAttempt) throws -> Names
    /// Nil before the first.
    func newestAttempt(of job: JobID) throws -> AttemptID?
    /// The worker took the offer; throws ``StorageError/Code/staleFence``. Idempotent.
    func accept(_ id: AttemptID, fence: Int, at now: Date) throws
    /// Notes how steps stand; a finished step is never changed. Throws `staleFence`.
    func record(_ steps: [Step], of id: AttemptID, fence: Int, at now: Date) throws
    /// Ends attempt, job and — when it was the last — build, in one truth; frees what waited for
    /// it. Idempotent for the same fence after the end. Throws `staleFence`.
    func finish(_ end: AttemptEnd, of id: AttemptID, fence: Int, at now: Date) throws -> JobEnd
    /// The worker stayed away or refused: tries again or ends the job, as Core's
    /// `verdict(onLossOf:…)` decides; the fence moves on. Forgotten: the worker is back, and has
    /// nothing of it.
    func lose(
        _ id: AttemptID,
        reason: String,
        isForgotten: Bool,
        at now: Date
    ) throws -> AttemptLoss

    // MARK: Artifacts

    func artifacts(of build: BuildID) throws -> [Artifact]
    func artifact(_ id: Int64) throws -> Artifact?
    /// Of a job of this build by name, taken-over jobs included.
    func artifact(named name: String, ofJob job: String, in build: BuildID) throws -> Artifact?

    // MARK: Workers and tokens

    /// Notes that a worker dialled in.
    func greet(_ worker: WorkerRow, at now: Date) throws
    /// All that ever dialled in, by name.
    func workers() throws -> [WorkerRow]
    /// Throws ``StorageError/Code/notFound``.
    func setMode(_ mode: WorkerMode, ofWorker name: String) throws
    func addToken(_ token: TokenRow) throws
    /// Newest first.
    func tokens() throws -> [TokenRow]
    func token(_ id: String) throws -> TokenRow?
    func useToken(_ id: String, at now: Date) throws
    func revokeToken(_ id: String) throws -> Bool
    func addSession(_ session: SessionRow) throws
    /// Nil when unknown or expired.
    func session(_ digest: String, at now: Date) throws -> SessionRow?
    func endSession(_ digest: String) throws
}
