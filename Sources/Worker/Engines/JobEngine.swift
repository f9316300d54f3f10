import Core
import Wire

/// What runs jobs for a worker: Docker, or nothing at all for measurements.
///
/// An engine keeps what it needs to go on with a job in files, so that a new process of the
/// worker can resume it.
protocol JobEngine: Sendable {
    /// Orders that an earlier process of this worker had begun and not finished.
    func unfinished() async -> [JobOrder]

    /// Notes an order durably, before anything of it runs.
    func begin(_ order: JobOrder) async throws

    /// Runs a begun order to its end, or goes on with it; tells what happens on the way.
    ///
    /// A cancelled task means: stop at once and leave everything for a later process.
    func run(_ order: JobOrder, telling listener: any JobListener) async -> FinishReport

    /// Ends a running job; its `run` then returns a cancelled report.
    func cancel(_ order: JobOrder) async

    /// Bytes of a step's log; nil while there are none.
    func log(of order: JobOrder, step: Int) -> LogSource?

    /// The master has the end: removes containers and files.
    func release(_ order: JobOrder) async

    /// Keeps order until its task is cancelled: removes what belongs to no live job.
    func upkeep() async
}

/// Who hears what a job does.
protocol JobListener: Sendable {
    /// A step began or ended.
    func stepChanged(_ report: StepReport) async
    /// A step's log has grown.
    func logGrew(step: Int)
}
