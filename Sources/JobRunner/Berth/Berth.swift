import Core
import Synchronization

/// A place for one job: its folder, its containers, and the wish to stop it.
package final class Berth: Sendable {
    package let assignment: JobAssignment
    let folder: BerthFolder
    private let wish: Mutex<StopWish?>
    /// Nil until they were asked for.
    private let known: Mutex<Result<SecretValues, JobRunnerError>?>
    /// The log opened last, which is most often the one asked for next.
    private let opened = Mutex<(step: Int, log: LogFile)?>(nil)

    private let limits: RunLimits

    init(_ folder: BerthFolder, _ assignment: JobAssignment, _ limits: RunLimits) throws {
        self.limits = limits
        self.folder = folder
        self.assignment = assignment
        wish = Mutex(try folder.isCancelled() ? .cancel : nil)
        known = Mutex(assignment.spec.secretNames.isEmpty ? .success(.none) : nil)
    }

    /// A random name, also the value of the label `slipway.berth` on its containers.
    package var id: String { folder.id }

    /// The absolute path of the folder the steps see as `/workspace`.
    package var workspace: String { folder.workspace }

    /// The files in the workspace, to be taken or put there safely.
    package var files: WorkspaceFiles { WorkspaceFiles(root: workspace) }

    /// The names of its containers that are still there.
    package var containerNames: [String] {
        let known = (try? folder.containers()) ?? []
        return known.filter { !$0.isGone }.map { folder.containerName($0.ordinal) }
    }

    /// How the steps that have begun stand, from the setup on.
    package func notes() throws -> [StepNote] {
        try (0...assignment.spec.steps.count).compactMap { try folder.note(of: $0) }
    }

    /// How the job ended; nil while it has not.
    package func outcome() throws -> JobOutcome? { try folder.outcome() }

    /// The log of a step that has begun; 0 is the setup.
    package func log(of step: Int) throws -> LogFile {
        try opened.withLock { opened in
            if let opened, opened.step == step { return opened.log }
            let note = try folder.note(of: step)
            // What we write ourselves holds none.
            let masks = kind(of: step) == .run ? try secrets().masks : .none
            let log = try LogFile(
                path: folder.log(of: step, kind: kind(of: step)),
                inode: note?.inode,
                end: note?.logLength,
                limit: limits.logBytesMax,
                masks: masks
            )
            opened = (step, log)
            return log
        }
    }

    /// What the job's secrets are; before they are known, no log of a command can be shown.
    func secrets() throws(JobRunnerError) -> SecretValues {
        guard let known = known.withLock({ $0 }) else {
            throw JobRunnerError(
                code: .missing,
                message: "the job's secrets, which its log must hide, are not known yet"
            )
        }
        return try known.get()
    }

    func learn(_ secrets: Result<SecretValues, JobRunnerError>) {
        known.withLock { $0 = secrets }
    }

    func kind(of step: Int) -> StepKind {
        step == 0 ? .setup : assignment.spec.steps[step - 1].action.kind
    }

    /// Why nothing more should run; nil while all is well.
    var stopWish: StopWish? { wish.withLock { $0 } }

    /// Notes the wish; an abandoned job stays abandoned.
    func wishToStop(_ new: StopWish) throws {
        if new == .cancel { try folder.keepCancelled() }
        wish.withLock { $0 = $0 == .abandon ? .abandon : new }
    }
}

/// How a job is to be stopped from outside.
enum StopWish: Equatable, Sendable {
    /// TERM, a time of grace, KILL; then only steps with `if: always()`.
    case cancel
    /// KILL, and nothing more: the job belongs to somebody else by now.
    case abandon
}
