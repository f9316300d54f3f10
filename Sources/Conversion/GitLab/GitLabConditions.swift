/// GitLab's expressions in ours.
struct GitLabConditions {
    /// Whether merge requests start the pipeline too; they have no branch of their own there.
    var hasRequests = false
    /// Variables that the file gives a value.
    var variables: Set<String> = []
    /// What was met that has no equal, since the last time it was asked.
    private(set) var unknown: [String] = []

    mutating func condition(_ text: String) -> Condition {
        guard let expression = ForeignExpressionParser.parse(text, .gitlab) else {
            return lost(shown(text))
        }
        return flag(expression)
    }

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
        case .binary("&&", let left, let right): return .all([flag(left), flag(right)])
        case .binary("||", let left, let right): return .any([flag(left), flag(right)])
        case .not(let inner): return .not(flag(inner))
        case .binary(let sign, let left, let right): return compare(left, sign, right)
        case .variable(let name): return isSet(name)
        case .text(let text): return .constant(!text.isEmpty)
        case .number, .name, .pattern, .list, .call: return lost(expression.shown)
        }
    }

    /// A variable that stands alone holds if it has a value.
    private mutating func isSet(_ name: String) -> Condition {
        switch name {
        case "CI_COMMIT_TAG": .event("tag")
        case "CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_ID": .event("pull_request")
        case "CI_COMMIT_BRANCH":
            .compare(.name("event"), "in", .name("['push', 'schedule', 'manual']"))
        case "CI_OPEN_MERGE_REQUESTS": .never
        case "CI_DEFAULT_BRANCH", "CI", "GITLAB_CI": .always
        case _ where variables.contains(name):
            .compare(.name("env.\(name)"), "!=", .text(""))
        case _: lost("$\(name)")
        }
    }

    private mutating func compare(
        _ left: ForeignExpression,
        _ sign: String,
        _ right: ForeignExpression
    ) -> Condition {
        if right == .name(["null"]), case .variable(let name) = left {
            let condition = isSet(name)
            return sign == "==" ? .not(condition) : condition
        }
        if case .text("") = right, case .variable(let name) = left {
            let condition = isSet(name)
            return sign == "==" ? .not(condition) : condition
        }
        if case .variable("CI_PIPELINE_SOURCE") = left, case .text(let source) = right {
            let condition = event(source)
            return sign == "!=" ? .not(condition) : condition
        }
        if case .variable("CI_PIPELINE_SOURCE") = left, case .pattern = right {
            return lost("$CI_PIPELINE_SOURCE")
        }
        if case .variable(let name) = left, Self.repositoryNames.contains(name) {
            return .constant(sign == "==" || sign == "=~")
        }
        if sign == "=~" || sign == "!~" { return match(left, right, isNegated: sign == "!~") }
        guard let one = value(left), let other = value(right) else { return .unknown }
        return onBranch(left, .compare(one, sign, other))
    }

    private func onBranch(_ left: ForeignExpression, _ condition: Condition) -> Condition {
        guard hasRequests, left == .variable("CI_COMMIT_BRANCH") else { return condition }
        return .all([.not(.event("pull_request")), condition])
    }

    /// Which of several copies of a repository builds is a setting of the server.
    private static let repositoryNames = [
        "CI_PROJECT_PATH", "CI_PROJECT_NAMESPACE", "CI_PROJECT_ROOT_NAMESPACE", "CI_PROJECT_NAME",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "CI_SERVER_HOST", "CI_PROJECT_ID",
    ]

    private func event(_ source: String) -> Condition {
        switch source {
        case "push": .any([.event("push"), .event("tag")])
        case "merge_request_event", "external_pull_request_event": .event("pull_request")
        case "schedule": .event("schedule")
        case "web", "api", "trigger", "webide", "chat": .event("manual")
        case "pipeline", "parent_pipeline": .event("pipeline")
        case _: .never
        }
    }

    private mutating func match(
        _ left: ForeignExpression,
        _ right: ForeignExpression,
        isNegated: Bool
    ) -> Condition {
        guard let value = value(left), case .pattern(let pattern) = right else {
            return lost("\(left.shown) =~ \(right.shown)")
        }
        guard let glob = Pattern.glob(for: pattern) else {
            return lost("/\(shown(pattern))/")
        }
        let condition = Condition.compare(value, "=~", .text(glob))
        return onBranch(left, isNegated ? .not(condition) : condition)
    }

    private mutating func value(_ expression: ForeignExpression) -> Condition? {
        switch expression {
        case .text(let text): return .text(text)
        case .number(let number): return .text(number)
        case .variable(let name):
            if let ours = Self.names[name] { return .name(ours) }
            if variables.contains(name) { return .name("env.\(name)") }
            _ = lost("$\(name)")
            return nil
        case .name, .pattern, .list, .call, .not, .binary:
            _ = lost(expression.shown)
            return nil
        }
    }

    private static let names = [
        "CI_COMMIT_BRANCH": "branch", "CI_COMMIT_TAG": "tag", "CI_COMMIT_SHA": "sha",
        "CI_DEFAULT_BRANCH": "default_branch", "CI_COMMIT_REF_NAME": "branch",
        "CI_COMMIT_MESSAGE": "message", "CI_COMMIT_TITLE": "message",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "branch",
    ]
}

/// Regular expressions that are only globs in other words.
enum Pattern {
    /// The glob that matches the same, where there is one.
    static func glob(for pattern: String) -> String? {
        var bytes = Array(pattern.utf8)[...]
        let isAtStart = bytes.first == UInt8(ascii: "^")
        if isAtStart { bytes = bytes.dropFirst() }
        let isAtEnd = bytes.last == UInt8(ascii: "$")
        if isAtEnd { bytes = bytes.dropLast() }
        var glob: [UInt8] = isAtStart ? [] : Array("**".utf8)
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                guard let next = bytes.popFirst() else { return nil }
                if next.isLetter {
                    // A class of letters or digits: what repeats may be anything here.
                    guard next == UInt8(ascii: "d") || next == UInt8(ascii: "w") else { return nil }
                    if "+*".utf8.contains(bytes.first ?? 0) { bytes = bytes.dropFirst() }
                    glob.append(UInt8(ascii: "*"))
                } else {
                    glob.append(next)
                }
            case UInt8(ascii: "."):
                guard let next = bytes.first, "+*".utf8.contains(next) else { return nil }
                bytes = bytes.dropFirst()
                glob += "**".utf8
            case UInt8(ascii: "["):
                let inner = bytes.prefix { $0 != UInt8(ascii: "]") }
                bytes = bytes[inner.endIndex...].dropFirst()
                if "+*".utf8.contains(bytes.first ?? 0) { bytes = bytes.dropFirst() }
                glob.append(UInt8(ascii: "*"))
            case _ where "(|)*+?{}^$]".utf8.contains(byte): return nil
            case _: glob.append(byte)
            }
        }
        if !isAtEnd { glob += "**".utf8 }
        let text = String(decoding: glob, as: UTF8.self)
        return text.replacing("****", by: "**").replacing("***", by: "**")
    }
}
