package import Core
import Testing

import struct Foundation.Date

extension Template: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        let template = try? Template(text, at: .start)
        if template == nil { Issue.record("not a template: \(text)") }
        self = template ?? Template(constant: text)
    }
}

extension Expression: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        let expression = try? Expression(text, at: .start)
        if expression == nil { Issue.record("not an expression: \(text)") }
        self = expression ?? Condition.failure.expression
    }
}

extension Located: ExpressibleByUnicodeScalarLiteral where Subject == String {
    package init(unicodeScalarLiteral text: String) { self.init(text, at: .start) }
}

extension Located: ExpressibleByExtendedGraphemeClusterLiteral where Subject == String {
    package init(extendedGraphemeClusterLiteral text: String) { self.init(text, at: .start) }
}

extension Located: ExpressibleByStringLiteral where Subject == String {
    package init(stringLiteral text: String) { self.init(text, at: .start) }
}

extension StepDefinition {
    /// Commands in an image.
    static func run(
        _ script: String = "make",
        name: Template? = nil,
        if condition: Expression? = nil,
        image: Template? = "debian",
        env: [String: Template] = [:]
    ) -> StepDefinition {
        StepDefinition(
            name: name,
            action: .run(script: script),
            condition: condition,
            image: image,
            environment: env,
            mark: .start
        )
    }

    static func download(_ artifact: Template, from job: Template) -> StepDefinition {
        StepDefinition(
            action: .download(DownloadDefinition(job: job, artifact: artifact)),
            mark: .start
        )
    }
}

extension JobDefinition {
    /// A job of one step, unless told otherwise.
    static func job(
        _ name: String,
        needs: [String] = [],
        optional: [String] = [],
        if condition: Expression? = nil,
        matrix: MatrixDefinition? = nil,
        keeps artifacts: [Template] = [],
        steps: [StepDefinition] = [.run()]
    ) -> JobDefinition {
        JobDefinition(
            name: Located(name, at: .start),
            matrix: matrix,
            needs: needs.map { NeedDefinition(job: Located($0, at: .start)) }
                + optional.map { NeedDefinition(job: Located($0, at: .start), isOptional: true) },
            condition: condition,
            steps: steps,
            artifacts: artifacts.map { ArtifactDefinition(name: $0, paths: ["x"]) }
        )
    }

    static func using(
        _ path: String,
        as name: String,
        with arguments: [String: Template] = [:],
        needs: [String] = [],
        if condition: Expression? = nil,
        matrix: MatrixDefinition? = nil
    ) -> JobDefinition {
        var job = job(name, needs: needs, if: condition, matrix: matrix, steps: [])
        job.uses = UseDefinition(
            path: Located(path, at: .start),
            arguments: arguments.sorted { $0.key < $1.key }.map {
                UseDefinition.Argument(name: Located($0.key, at: .start), value: $0.value)
            }
        )
        return job
    }
}

extension MatrixDefinition {
    init(
        _ axes: KeyValuePairs<String, [Template]>,
        include: [KeyValuePairs<String, Template>] = [],
        exclude: [KeyValuePairs<String, Template>] = []
    ) {
        self.init(
            axes: axes.map { Axis(name: Located($0, at: .start), values: $1) },
            include: include.map { Row($0) },
            exclude: exclude.map { Row($0) },
            mark: .start
        )
    }
}

extension MatrixDefinition.Row {
    init(_ cells: KeyValuePairs<String, Template>, allowFailure: Bool? = nil) {
        self.init(
            cells: cells.map { .init(axis: Located($0, at: .start), value: $1) },
            allowFailure: allowFailure,
            mark: .start
        )
    }
}

extension Pipeline {
    static func of(_ jobs: [JobDefinition], path: String = "pipelines/main.yml") -> Pipeline {
        Pipeline(name: "main", path: path, jobs: jobs)
    }
}

extension Change {
    static func at(
        _ ref: String = "refs/heads/main",
        _ event: Event = .push,
        pullRequest: PullRequest? = nil,
        upstream: Upstream? = nil
    ) -> Change {
        Change(
            repository: RepositoryID(1),
            event: event,
            ref: ref,
            before: nil,
            commit: Commit(
                sha: String(repeating: "a", count: 40),
                message: "Fix it",
                author: "Ada",
                authorEmail: "ada@example.org",
                committedAt: Date(timeIntervalSince1970: 0)
            ),
            actor: "Ada",
            pullRequest: pullRequest,
            upstream: upstream
        )
    }
}

/// The plan, or a failed test that shows what was wrong.
func planned(
    _ pipeline: Pipeline,
    change: Change = .at(),
    inputs: [String: String] = [:],
    changedPaths: [String]? = nil,
    library: [Pipeline] = []
) throws -> Plan {
    switch plan(pipeline, for: .of(change, inputs, changedPaths, library)) {
    case .plan(let plan): return plan
    case .problems(let problems):
        Issue.record("\(problems.map(\.description).joined(separator: "\n"))")
        throw CancellationError()
    }
}

/// What planning says is wrong, without places.
func complaints(
    _ pipeline: Pipeline,
    change: Change = .at(),
    inputs: [String: String] = [:],
    library: [Pipeline] = []
) -> [String] {
    switch plan(pipeline, for: .of(change, inputs, nil, library)) {
    case .plan: []
    case .problems(let problems):
        problems.map { $0.message + ($0.hint.map { " (\($0))" } ?? "") }
    }
}

extension PlanRequest {
    static func of(
        _ change: Change,
        _ inputs: [String: String],
        _ changedPaths: [String]?,
        _ library: [Pipeline]
    ) -> PlanRequest {
        PlanRequest(
            change: change,
            defaultBranch: "main",
            inputs: inputs,
            changedPaths: changedPaths,
            library: Dictionary(uniqueKeysWithValues: library.map { ($0.path, $0) })
        )
    }
}
