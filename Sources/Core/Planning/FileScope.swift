/// The names that the places of one file may use.
struct FileScope {
    /// Of the file itself, outside its jobs.
    let whole: Scope
    /// Of the file's own `env`.
    let variables: Scope
    private let constants: [String]

    init(_ pipeline: Pipeline) {
        let inputs = Dictionary(
            pipeline.declaredInputs.map { ($0.name.value, $0.type.valueType) },
            uniquingKeysWith: { first, _ in first }
        )
        var scope = Scope(phase: .planning, inputs: inputs)
        variables = scope.forVariables
        constants = pipeline.environment.constantNames(in: scope)
        scope.variables = .known(constants.sorted())
        whole = scope
    }

    /// Of a job, for what is decided when the build is planned.
    func scope(of job: JobDefinition) -> Scope {
        var scope = whole
        scope.matrix = job.matrix?.axisNames ?? []
        scope.needs = job.needs.map(\.job.value)
        scope.hasChannel = job.channel != nil
        let own = job.environment.constantNames(in: scope)
        // A variable of the job that is not known yet hides the one above it.
        let above = constants.filter { job.environment[$0] == nil }
        scope.variables = .known((above + own).sorted())
        return scope
    }
}

extension Scope {
    /// For the values of an `env` above the steps, which cannot use each other.
    var forVariables: Scope {
        var scope = at(.running)
        scope.variables = .none
        return scope
    }
}

extension [String: Template] {
    /// The variables whose values are known when the build is planned.
    func constantNames(in scope: Scope) -> [String] {
        var scope = scope
        scope.phase = .planning
        scope.variables = .none
        return compactMap { name, template in
            do throws(ExpressionError) {
                try template.check(in: scope)
                return name
            } catch {
                return nil
            }
        }
    }
}

extension MatrixDefinition {
    /// The axes, then those that only `include` has.
    var axisNames: [String] {
        var names = axes.map(\.name.value)
        var seen = Set(names)
        for cell in include.lazy.flatMap(\.cells) where seen.insert(cell.axis.value).inserted {
            names.append(cell.axis.value)
        }
        return names
    }
}
