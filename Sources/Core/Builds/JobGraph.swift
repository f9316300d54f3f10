/// The jobs of one build, as the decision "what now?" sees them.
package struct JobGraph: Sendable {
    /// A node of the graph.
    package struct Node: Equatable, Sendable {
        package var id: JobID
        /// Unique in the build.
        package var name: String
        /// Its key in the file, which the jobs of one matrix share.
        package var key: String
        package var needs: [String]
        /// Those of `needs` that may have been skipped, or not exist.
        package var optionalNeeds: Set<String>
        package var condition: Condition
        /// The matrix whose other jobs its failure ends; nil: it ends none.
        package var failFast: String?
        package var state: State
        /// What its steps told, once it has finished.
        package var outputs: [String: String]

        package init(
            id: JobID,
            name: String,
            key: String? = nil,
            needs: [String],
            optionalNeeds: Set<String> = [],
            condition: Condition,
            failFast: String? = nil,
            state: State,
            outputs: [String: String] = [:]
        ) {
            self.id = id
            self.name = name
            self.key = key ?? name
            self.needs = needs
            self.optionalNeeds = optionalNeeds
            self.condition = condition
            self.failFast = failFast
            self.state = state
            self.outputs = outputs
        }
    }

    package enum State: Equatable, Sendable {
        /// Some need has not ended.
        case blocked
        /// May be given to a worker.
        case ready
        /// Given to a worker.
        case running
        /// Waits at a gate for people, without a worker.
        case gated
        case finished(BuildResult)

        /// Nil before the end.
        package var result: BuildResult? {
            switch self {
            case .finished(let result): result
            case .blocked, .ready, .running, .gated: nil
            }
        }
    }

    /// What has become true of one job.
    package enum Step: Equatable, Sendable {
        case ready(JobID)
        case finish(JobID, BuildResult, reason: String)
        /// Still blocked, by these needs.
        case wait(JobID, on: [String])
        /// Still blocked, because the whole build is.
        case hold(JobID, reason: String)
        /// It runs, and nothing will come of it: its worker should end it as cancelled.
        case stop(JobID, reason: String)
    }

    /// What follows from the state of the jobs.
    package struct Advance: Equatable, Sendable {
        /// In the order of the nodes.
        package var steps: [Step]
        /// Set when every job has ended.
        package var verdict: BuildResult?
    }

    package var nodes: [Node]
    package var isCancelled: Bool
    /// The newer build that covers this one's commit, in words; what has not begun never will.
    package var coveredBy: String?
    /// Why no job may begin, however its needs stand; empty: nothing is in the way.
    package var holds: [BuildHold]
    /// How the build before it of the same pipeline and branch ended, for `changed()`.
    package var previous: BuildResult?
    /// What is known of the build since it was planned: `build` and `semver`.
    package var names: Names

    package init(
        nodes: [Node],
        isCancelled: Bool,
        coveredBy: String? = nil,
        holds: [BuildHold] = [],
        previous: BuildResult? = nil,
        names: Names = Names()
    ) {
        self.nodes = nodes
        self.isCancelled = isCancelled
        self.coveredBy = coveredBy
        self.holds = holds
        self.previous = previous
        self.names = names
    }

    /// How the jobs that one needs ended, by the names its expressions use.
    ///
    /// The jobs of a matrix, or of a used file, count as one: the worst result, and the outputs
    /// of all, where a later job's stand over an earlier one's.
    package func outcomes(neededBy name: String) -> [String: NeedOutcome] {
        JobGraphWalk(self).outcomes(neededBy: name)
    }
}
