/// Finds everything that is wrong with a pipeline whatever starts it: names, needs, expressions.
///
/// - Parameters:
///   - pipeline: As it is written.
///   - library: The files that jobs may use, by path.
/// - Returns: The problems, file by file and in the order of each.
package func problems(in pipeline: Pipeline, library: [String: Pipeline]) -> [Problem] {
    var check = FileCheck(library: library)
    check.check(pipeline, usedBy: [])
    return check.problems.sorted
}

/// One look through a pipeline and the files it uses.
struct FileCheck {
    let library: [String: Pipeline]
    var problems = ProblemList()
    /// The file that is being looked at.
    var path = ""
    private var checked: Set<String> = []

    static let usesDepthMax = 4

    init(library: [String: Pipeline]) {
        self.library = library
    }

    mutating func check(_ pipeline: Pipeline, usedBy users: [String]) {
        guard checked.insert(pipeline.path).inserted else { return }
        path = pipeline.path
        check(inputs: pipeline.declaredInputs)
        let scope = FileScope(pipeline)
        for template in pipeline.environment.values { check(template, in: scope.variables) }
        if let group = pipeline.concurrency?.group { check(group, in: scope.whole) }
        for notice in pipeline.onResult {
            guard let condition = notice.condition else { continue }
            check(condition, in: scope.whole.at(.ready, isCondition: true))
        }
        check(needsOf: pipeline)
        for job in pipeline.jobs { check(job, of: pipeline, scope) }
        for job in pipeline.jobs {
            guard let uses = job.uses else { continue }
            path = pipeline.path
            check(uses, users: users + [pipeline.path])
        }
    }

    /// The used file too, once, and not without end.
    private mutating func check(_ uses: UseDefinition, users: [String]) {
        guard let file = library[uses.file] else {
            let near = nearest(to: uses.file, among: library.keys.sorted())
            say(
                "there is no file \(quoted(uses.path.value)) to use",
                at: uses.path.mark,
                hint: near.map { "did you mean './\(shortened($0))'?" }
            )
            return
        }
        if users.contains(uses.file) {
            let way = users.drop { $0 != uses.file } + [uses.file]
            say(
                "files use each other in a circle: \(way.map(shortened).joined(separator: " → "))",
                at: uses.path.mark
            )
            return
        }
        if users.count >= Self.usesDepthMax {
            say("files use files at most \(Self.usesDepthMax - 1) deep", at: uses.path.mark)
            return
        }
        check(uses.arguments, for: file, at: uses.path.mark)
        check(file, usedBy: users)
    }

    private mutating func check(
        _ arguments: [UseDefinition.Argument],
        for file: Pipeline,
        at mark: Mark
    ) {
        let known = file.inputs.map(\.name.value)
        for argument in arguments where !known.contains(argument.name.value) {
            say(
                "\(quoted(file.path)) declares no input \(quoted(argument.name.value))",
                at: argument.name.mark,
                hint: nearest(to: argument.name.value, among: known)
                    .map { "did you mean '\(shortened($0))'?" }
            )
        }
        let given = Set(arguments.map(\.name.value))
        for input in file.inputs
        where input.isRequired && input.defaultValue == nil && !given.contains(input.name.value) {
            say("\(quoted(file.path)) needs the input \(quoted(input.name.value))", at: mark)
        }
    }

    mutating func say(_ message: String, at mark: Mark?, hint: String? = nil) {
        problems.add(message, at: mark, of: path, hint: hint)
    }

    mutating func check(_ template: Template?, in scope: Scope) {
        guard let template else { return }
        do throws(ExpressionError) {
            try template.check(in: scope)
        } catch {
            problems.add(error, in: template.source, at: template.mark, of: path)
        }
    }

    mutating func check(_ condition: Expression?, in scope: Scope) {
        guard let condition else { return }
        do throws(ExpressionError) {
            try condition.requireFlag(in: scope)
        } catch {
            problems.add(error, in: condition.source, at: condition.mark, of: path)
        }
    }
}

extension UseDefinition {
    /// The path from the root of the repository, without `./`.
    package var file: String {
        let path = path.value
        return path.utf8.starts(with: "./".utf8)
            ? String(decoding: path.utf8.dropFirst(2), as: UTF8.self) : path
    }
}
