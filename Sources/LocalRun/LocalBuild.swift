package import Core
import JobRunner
package import Logging

/// Runs the jobs of a plan on this machine's Docker, as a server with one worker would.
///
/// The jobs, their order and their verdicts are Core's decisions; the steps run by the same
/// ``JobRunner`` as a worker's.
package struct LocalBuild: Sendable {
    let plan: LocalPlan
    let request: LocalRequest
    let runner: JobRunner
    let source: LocalSource
    let actions: LocalActions
    /// Whoever sits at the terminal; nil: nobody does, and no gate opens.
    let gatekeeper: (@Sendable (GateSpec) async -> Bool)?
    let tell: @Sendable (LocalEvent) -> Void
    let stops: Stops

    /// Prepares a run of a plan of the same request.
    ///
    /// `scratch` is a folder for this run alone; in `root` the runner keeps its berths and caches,
    /// and one run at a time uses it. `gatekeeper` is asked when a gate is reached; without one no
    /// gate opens. `tell` hears what happens, and must return at once.
    package init(
        _ plan: LocalPlan,
        for request: LocalRequest,
        in scratch: String,
        root: String,
        logger: Logger,
        gatekeeper: (@Sendable (GateSpec) async -> Bool)?,
        tell: @escaping @Sendable (LocalEvent) -> Void
    ) throws {
        self.plan = plan
        self.request = request
        self.tell = tell
        runner = try JobRunner(keepingNothingWarmIn: root, logger: logger)
        source = LocalSource(plan, in: scratch)
        actions = LocalActions(shelf: ArtifactShelf(folder: "\(scratch)/artifacts"))
        self.gatekeeper = gatekeeper
        stops = Stops()
    }

    /// Asks everything to end: TERM, some time, KILL; the second time KILL at once.
    package func stop() {
        for berth in stops.stop() {
            do {
                try stops.isHasty ? runner.abandon(berth) : runner.cancel(berth)
            } catch {
                tell(.kept(job: berth.assignment.spec.name, command: "docker rm -f (\(error))"))
            }
        }
    }

    /// Removes what an earlier run has kept, or left when it was killed.
    private func clearAway() async {
        for berth in (try? runner.recover().berths) ?? [] { await runner.release(berth) }
        await runner.reconcile()
    }

    /// Runs all jobs to their ends.
    package func run() async -> LocalOutcome {
        await clearAway()
        var board = JobBoard(plan)
        await withTaskGroup(of: LocalJobEnd.self) { group in
            var running = 0
            while true {
                for job in board.advance(isCancelled: stops.isStopped) { tell(.jobEnded(job)) }
                while running < request.slots, let job = board.takeReady() {
                    running += 1
                    group.addTask { await run(job) }
                }
                guard var end = await group.next() else { break }
                running -= 1
                if !stops.isStopped { board.join(&end, plan.asked) }
                board.note(end)
                tell(.jobEnded(end.result))
            }
        }
        if !request.keepsFailed { await runner.reconcile() }
        return board.outcome
    }
}
