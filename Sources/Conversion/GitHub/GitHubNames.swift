/// What GitHub's expressions refer to, and what it is called here.
struct GitHubNames {
    /// Whether a tag can start the pipeline, as a push can there.
    var hasTags = false
    /// Whether nothing but a tag starts it.
    var hasOnlyTags = false
    /// Whether the job that is read runs for tags only.
    var isForTags = false
    /// Inputs that are true or false rather than texts.
    var flagInputs: Set<String> = []
    /// What a job's outputs are called by the step that writes them.
    var outputs: [String: [String: String]] = [:]
    /// Values of the matrix that are the same in every job of it.
    var constants: [String: String] = [:]
    /// The axes of the matrix that is read, and whether there is one with other axes.
    var axes: Set<String> = []
    var hasForeignMatrix = false
    /// Foreign things that were met and have no equal.
    private(set) var unknown: [String] = []

    /// An `if`, or anything else that holds or does not.
    mutating func condition(_ text: String) -> Condition {
        var text = text.trimmed
        if let inner = text.without(start: "${{"), let end = inner.without(end: "}}"),
            !end.hasPart("${{")
        {
            text = end
        } else if text.hasPart("${{") {
            text = text.replacing("${{", by: "").replacing("}}", by: "")
        }
        guard let expression = ForeignExpressionParser.parse(text, .github) else {
            return lost(shown(text))
        }
        return flag(expression)
    }

    /// What stands between `${{` and `}}`, where a text is wanted.
    mutating func value(_ text: String) -> Condition {
        guard let expression = ForeignExpressionParser.parse(text, .github) else {
            return lost(shown(text.trimmed))
        }
        return value(expression)
    }

    /// Forgets what has no equal.
    ///
    /// - Returns: What was met since the last time.
    mutating func takeUnknown() -> [String] {
        defer { unknown = [] }
        return unknown
    }

    private mutating func lost(_ what: String) -> Condition {
        if !unknown.contains(what), unknown.count < 20 { unknown.append(what) }
        return .unknown
    }

    private mutating func flag(_ expression: ForeignExpression) -> Condition {
        switch expression {
        case .text(let text): return .constant(!text.isEmpty)
        case .number(let number): return .constant(number != "0")
        case .not(let inner): return .not(flag(inner))
        case .binary("&&", let left, let right): return .all([flag(left), flag(right)])
        case .binary("||", let left, let right): return .any([flag(left), flag(right)])
        case .binary(let sign, let left, let right): return compare(left, sign, right)
        case .call(let name, let arguments): return call(name, arguments)
        case .name(let words): return flagName(words, expression)
        case .variable, .pattern, .list: return lost(expression.shown)
        }
    }

    private mutating func flagName(
        _ words: [String],
        _ expression: ForeignExpression
    ) -> Condition {
        if words == ["true"] { return .always }
        if words == ["false"] || Self.falseNames.contains(words) { return .never }
        let isInput = words.first == "inputs" || words.dropLast() == ["github", "event", "inputs"]
        if isInput, let name = words.last, flagInputs.contains(name) {
            return input(name)
        }
        let value = value(expression)
        if case .text(let text) = value { return .constant(!text.isEmpty && text != "false") }
        guard case .name(let name) = value else { return value }
        // GitHub's own: what was written as a flag arrives as a text in the matrix.
        if name.hasStart("matrix.") { return .compare(value, "==", .text("true")) }
        return .compare(value, "!=", .text(""))
    }

    private static let falseNames = [
        ["github", "event", "pull_request", "draft"], ["github", "event", "repository", "fork"],
        ["github", "event", "pull_request", "head", "repo", "fork"], ["runner", "debug"],
    ]

    /// What only a pull request has, so that something else stands behind `||`.
    private static let requestNames = [
        ["github", "head_ref"], ["github", "event", "number"],
        ["github", "event", "pull_request", "number"],
    ]

    /// Comparisons that tell a repository from its forks; who may build is the server's setting.
    private static let repositoryNames = [
        ["github", "repository"], ["github", "repository_owner"],
        ["github", "event", "repository"],
        ["github", "event", "pull_request", "head", "repo", "full_name"],
        ["github", "event", "repository", "fork"],
    ]

    private mutating func compare(
        _ left: ForeignExpression,
        _ sign: String,
        _ right: ForeignExpression
    ) -> Condition {
        if case .name(let words) = left, Self.repositoryNames.contains(words) {
            return .constant(sign == "==")
        }
        if case .name(let words) = right, Self.repositoryNames.contains(words) {
            return .constant(sign == "==")
        }
        if case .name(["github", "event_name"]) = left, case .text(let event) = right {
            let condition = self.event(event)
            return sign == "!=" ? .not(condition) : condition
        }
        if case .name(["github", "ref_type"]) = left, case .text(let type) = right {
            let isTag = Condition.event("tag")
            return (type == "tag") == (sign == "==") ? isTag : .not(isTag)
        }
        if case .name(let words) = left, case .text(let text) = right,
            let name = words.last, flagInputs.contains(name),
            words.contains("inputs"), text == "true" || text == "false"
        {
            let condition = input(name)
            return (text == "true") == (sign == "==") ? condition : .not(condition)
        }
        if case .name(let words) = right, words == ["true"] || words == ["false"] {
            let condition = flag(left)
            return (words == ["true"]) == (sign == "==") ? condition : .not(condition)
        }
        return .compare(value(left), sign, value(right)).poisoned
    }

    private func event(_ name: String) -> Condition {
        switch name {
        case "push": hasTags ? .events(["push", "tag"]) : .event("push")
        case "pull_request", "pull_request_target": .event("pull_request")
        case "workflow_dispatch", "repository_dispatch": .event("manual")
        case "schedule": .event("schedule")
        case "release", "create": .event("tag")
        case "workflow_run": .event("pipeline")
        case _: .never
        }
    }

    private mutating func call(_ name: String, _ arguments: [ForeignExpression]) -> Condition {
        switch (name, arguments.count) {
        case ("success", 0), ("failure", 0), ("always", 0), ("cancelled", 0):
            return .call(name, [])
        case ("contains", 2):
            if let items = Self.listed(arguments[0]) {
                return .compare(value(arguments[1]), "in", .name(Self.written(items))).poisoned
            }
            return .call(name, [value(arguments[0]), value(arguments[1])]).poisoned
        case ("startsWith", 2), ("endsWith", 2):
            return .call(name, [value(arguments[0]), value(arguments[1])]).poisoned
        case ("fromJSON", 1), ("fromJson", 1): return flag(arguments[0])
        case _: return lost(ForeignExpression.call(name, arguments).shown)
        }
    }

    /// `fromJSON('["a", "b"]')`.
    private static func listed(_ expression: ForeignExpression) -> [String]? {
        guard case .call(let name, let arguments) = expression, name.lowercased() == "fromjson",
            case .text(let json) = arguments.first,
            case .list(let items) = ForeignExpressionParser.parse(json, .woodpecker)
        else { return nil }
        return items.compactMap { item in
            if case .text(let text) = item { text } else { nil }
        }
    }

    private static func written(_ items: [String]) -> String {
        "[" + items.map { Condition.text($0).rendered }.joined(separator: ", ") + "]"
    }

    private mutating func value(_ expression: ForeignExpression) -> Condition {
        switch expression {
        case .text(let text): return .text(text)
        case .number(let number): return .text(number)
        case .name(let words): return name(words)
        case .call("hashFiles", let patterns): return hash(patterns)
        case .binary("||", .name(let words), let other) where Self.requestNames.contains(words):
            return value(other)
        case .call, .not, .binary, .variable, .pattern, .list: return lost(expression.shown)
        }
    }

    private mutating func hash(_ patterns: [ForeignExpression]) -> Condition {
        let texts = patterns.compactMap { pattern -> Condition? in
            guard case .text(let text) = pattern else { return nil }
            return .text(text.without(start: "./") ?? text)
        }
        guard texts.count == patterns.count, !texts.isEmpty else {
            return lost(ForeignExpression.call("hashFiles", patterns).shown)
        }
        return .call("hash", texts)
    }

    private mutating func name(_ words: [String]) -> Condition {
        let rest = words.dropFirst()
        switch (words.first ?? "", rest.count) {
        case ("matrix", 1...):
            let axis = Self.axis(rest.joined(separator: "_"))
            if let constant = constants[axis] { return .text(constant) }
            if axes.contains(axis) { return .name("matrix.\(axis)") }
            // What no combination has is an empty text there.
            return hasForeignMatrix ? lost(words.joined(separator: ".")) : .text("")
        case ("inputs", 1): return input(words[1])
        case ("env", 1): return .name(words.joined(separator: "."))
        case ("needs", 2) where words[2] == "result": return .name("needs.\(words[1]).result")
        case ("needs", 3) where words[2] == "outputs":
            let output = outputs[words[1]]?[words[3]] ?? words[3]
            return .name("needs.\(words[1]).outputs.\(output)")
        case _: break
        }
        if words.dropLast() == ["github", "event", "inputs"] {
            return input(words[words.count - 1])
        }
        let key = words.joined(separator: ".")
        if let ours = Self.names[key] { return .name(ours) }
        if let text = Self.texts[key] { return .text(text) }
        if key == "github.ref_name" { return .name(hasOnlyTags || isForTags ? "tag" : "branch") }
        return lost(key)
    }

    /// Axes are called like variables, in whose names no dash stands.
    static func axis(_ name: String) -> String { name.replacing("-", by: "_") }

    /// Inputs are variables, in whose names no dash stands.
    private func input(_ name: String) -> Condition {
        .name("inputs.\(name.replacing("-", by: "_"))")
    }

    private static let names = [
        "github.ref": "ref", "github.sha": "sha", "github.event_name": "event",
        "github.workflow": "pipeline", "github.run_number": "build", "github.run_id": "build",
        "github.event.head_commit.message": "message",
        "github.event.repository.default_branch": "default_branch",
        "github.event.release.tag_name": "tag", "github.event.pull_request.head.sha": "sha",
        "github.event.after": "sha", "github.event.workflow_run.head_sha": "sha",
        "github.event.workflow_run.head_branch": "branch",
    ]

    private static let texts = [
        "runner.os": "Linux", "runner.arch": "X64", "runner.temp": "/tmp",
        "github.workspace": "/workspace", "runner.environment": "self-hosted",
        "github.event.workflow_run.conclusion": "success",
    ]
}

extension Condition {
    /// Unknown as a whole where a part is: a comparison with nothing says nothing.
    fileprivate var poisoned: Condition {
        switch self {
        case .compare(let left, _, let right):
            left == .unknown || right == .unknown ? .unknown : self
        case .call(_, let arguments): arguments.contains(.unknown) ? .unknown : self
        case .constant, .text, .name, .not, .all, .any, .unknown: self
        }
    }
}
