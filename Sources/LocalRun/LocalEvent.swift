package import Core

/// What happens in a run, in order for each job.
package enum LocalEvent: Sendable {
    case jobStarted(String)
    case stepStarted(job: String, step: Int, name: String)
    /// Bytes of a step's log, as they are.
    case output(job: String, step: Int, bytes: [UInt8])
    case stepEnded(job: String, step: Int, name: String, result: BuildResult, reason: String?)
    /// `seconds` is nil for a job that never began.
    case jobEnded(LocalJobResult)
    /// Something that no step's log has a place for.
    case remark(job: String, text: String)
    /// How to look into a container that was kept.
    case kept(job: String, command: String)
}

/// How a job of a run ended.
package struct LocalJobResult: Sendable, Equatable, Encodable {
    package var name: String
    package var result: BuildResult
    /// Why, where the result alone does not say.
    package var reason: String?
    /// Nil for a job that never began.
    package var seconds: Double?
    /// Markdown that its steps wrote for people.
    package var summary: String?
}

/// How a run ended.
package struct LocalOutcome: Sendable, Equatable, Encodable {
    package var result: BuildResult
    /// In the order of the file, those that were left out at the end.
    package var jobs: [LocalJobResult]
}
