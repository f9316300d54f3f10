/// Makes the jobs of one build of a pipeline and a change, or says everything that is wrong.
///
/// Whether the change starts the pipeline at all is ``obstacle(_:for:changedPaths:)``'s answer.
/// What is not known yet (``Availability``) stays open in the jobs: the master puts in what it
/// knows when a job is ready (``JobSpec/readied(with:)``), the worker the rest.
package func plan(_ pipeline: Pipeline, for request: PlanRequest) -> Planned {
    let found = problems(in: pipeline, library: request.library)
    if !found.isEmpty { return .problems(found) }
    var planner = Planner(request)
    let plan = planner.plan(pipeline)
    return planner.problems.isEmpty ? .plan(plan) : .problems(planner.problems.sorted)
}

/// One planning, which goes on after each problem.
struct Planner {
    let request: PlanRequest
    let library: [String: Pipeline]
    var problems = ProblemList()
    /// The jobs of the build, before they know each other.
    var drafts: [JobDraft] = []
    /// By scope, which is one use of one file: the drafts that a name in it stands for.
    var scopes: [[String: [Int]]] = []
    /// What the environments of all steps hold together.
    var environmentBytes = 0

    static let environmentBytesMax = 4 << 20

    init(_ request: PlanRequest) {
        self.request = request
        library = request.library
    }

    mutating func plan(_ pipeline: Pipeline) -> Plan {
        var names = contextNames(pipeline)
        // A try is like a push, until it is given what only a person gives.
        let isAsked =
            request.change.event == .manual
            || request.change.event == .trial && !request.inputs.isEmpty
        switch readInputs(request.inputs, for: pipeline.declaredInputs, isAsked: isAsked) {
        case .values(let values): names.inputs = values
        case .complaints(let complaints):
            for complaint in complaints { problems.add(complaint, at: nil, of: pipeline.path) }
            names.inputs = [:]
        }
        var plan = Plan(
            pipeline: pipeline.name,
            jobs: [],
            filtered: [],
            priority: pipeline.priority,
            collapse: pipeline.collapse,
            quiet: pipeline.quiet,
            notices: [],
            inputs: names.inputs.mapValues(\.rendered)
        )
        guard problems.isEmpty else { return plan }
        let file = FileUse(pipeline, names: names)
        expand(file)
        guard problems.isEmpty else { return plan }
        plan.concurrency = concurrency(of: file)
        plan.notices = notices(of: file)
        fill(&plan)
        return plan
    }

    private func contextNames(_ pipeline: Pipeline) -> Names {
        let change = request.change
        let context: [ContextName: ExpressionValue] = [
            .event: .text(change.event.rawValue),
            .ref: .text(change.ref),
            .branch: .text(change.branch ?? ""),
            .tag: .text(change.tag ?? ""),
            .sha: .text(change.commit.sha),
            .shortSHA: .text(String(decoding: change.commit.sha.utf8.prefix(8), as: UTF8.self)),
            .defaultBranch: .text(request.defaultBranch),
            .author: .text(change.commit.author),
            .message: .text(change.commit.message),
            .changedFiles: .texts(request.changedPaths ?? []),
            .pipeline: .text(pipeline.name),
        ]
        return Names(context: context, changedAnything: request.changedPaths == nil)
    }

    private mutating func concurrency(of file: FileUse) -> ConcurrencySpec? {
        guard let definition = file.pipeline.concurrency else { return nil }
        let group = text(definition.group, with: file.names.with(file.constants), of: file.path)
        return ConcurrencySpec(
            group: group,
            limit: definition.limit,
            onNew: definition.onNew
        )
    }

    private mutating func notices(of file: FileUse) -> [NoticeSpec] {
        file.pipeline.onResult.map { notice in
            let written = notice.condition.map { Condition(planned: $0) } ?? .always
            let names = file.names.with(file.constants)
            return NoticeSpec(
                condition: folded(written, notice.condition, with: names, of: file.path),
                target: notice.target
            )
        }
    }

    // MARK: Putting in what is known

    /// What is left of a template when everything known is put in.
    mutating func folded(_ template: Template, with names: Names, of path: String) -> Template {
        do throws(ExpressionError) {
            return try template.folded(with: names)
        } catch {
            problems.add(error, in: template.source, at: template.mark, of: path)
            return Template(constant: "")
        }
    }

    /// The text of a template that is decided now.
    mutating func text(_ template: Template, with names: Names, of path: String) -> String {
        do throws(ExpressionError) {
            return try template.text(with: names)
        } catch {
            problems.add(error, in: template.source, at: template.mark, of: path)
            return ""
        }
    }

    /// What is left of a condition; `written` is what people wrote of it.
    mutating func folded(
        _ condition: Condition,
        _ written: Expression?,
        with names: Names,
        of path: String
    ) -> Condition {
        do throws(ExpressionError) {
            return try condition.folded(with: names)
        } catch {
            problems.add(error, in: written?.source ?? "", at: written?.mark, of: path)
            return .success
        }
    }
}

/// One use of a file: by the build itself, or by a job.
struct FileUse {
    let pipeline: Pipeline
    /// Without its variables.
    let names: Names
    /// The file's `env`, with what is known put in.
    let environment: [String: Template]
    /// What of the `env` is known already.
    let constants: [String: String]

    var path: String { pipeline.path }

    init(_ pipeline: Pipeline, names: Names) {
        self.pipeline = pipeline
        self.names = names
        environment = pipeline.environment.mapValues { template in
            // What cannot be put in now stays as it is, and is said where a step needs it.
            (try? template.folded(with: names)) ?? template
        }
        constants = environment.compactMapValues(\.constant)
    }
}

extension Names {
    /// The same names, and those variables.
    func with(_ variables: [String: String]) -> Names {
        var names = self
        names.variables = variables
        return names
    }
}
