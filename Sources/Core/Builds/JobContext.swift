/// All that expressions can say of a job, for its steps to read from the file `$CI_CONTEXT`.
///
/// A frozen document; it changes only by keys that may be absent.
package struct JobContext: Equatable, Sendable, Codable {
    /// How a needed job ended, and what it told.
    package struct Need: Equatable, Sendable, Codable {
        package var result: BuildResult
        package var outputs: [String: String]
    }

    package var repository: String
    package var pipeline: String
    package var build: Int
    package var job: String
    package var event: Event
    package var ref: String
    package var branch: String?
    package var tag: String?
    package var sha: String
    package var shortSha: String
    package var defaultBranch: String
    package var author: String
    package var message: String
    package var semver: String
    package var channel: String?
    package var matrix: [String: String]
    package var inputs: [String: String]
    package var needs: [String: Need]

    /// - Parameters:
    ///   - spec: What the job is.
    ///   - build: What it is a part of.
    ///   - repository: Where the commit comes from.
    ///   - names: With what the jobs it needs have come to.
    package init(of spec: JobSpec, in build: Build, _ repository: Repository, names: Names) {
        self.repository = build.repositoryName
        pipeline = build.pipeline
        self.build = build.number
        job = spec.name
        event = build.event
        ref = build.ref
        branch = Ref.branch(build.ref)
        tag = Ref.tag(build.ref)
        sha = build.sha
        shortSha = String(build.sha.prefix(8))
        defaultBranch = repository.defaultBranch
        author = build.author
        message = build.message
        semver = build.semver
        channel = spec.channel
        matrix = spec.matrix
        inputs = build.settings.inputs ?? [:]
        needs = names.needs.mapValues { Need(result: $0.result, outputs: $0.outputs) }
    }
}
