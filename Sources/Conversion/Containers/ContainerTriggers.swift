/// What starts a pipeline of Woodpecker or Drone, gathered from several sets of constraints.
struct ContainerTriggers {
    /// Our words for what happens; those of others that are the same thing map to them.
    enum Event: String, CaseIterable {
        case push
        case pullRequest = "pull_request"
        case tag
        case schedule
        case manual

        init?(_ word: String) {
            switch word {
            case "push": self = .push
            case "pull_request": self = .pullRequest
            case "tag", "release": self = .tag
            case "cron": self = .schedule
            case "manual", "custom", "deployment", "promote", "rollback": self = .manual
            case _: return nil
            }
        }
    }

    private struct Filter {
        var branches: [String] = []
        var paths: [String] = []
        /// Whether some set of constraints has none.
        var takesAllBranches = false
        var takesAllPaths = false
    }

    private var filters: [Event: Filter] = [:]
    private var tags: [String] = []
    private var takesAllTags = false

    /// The events of a constraint; all that are usual where it names none.
    static func events(_ node: YAMLNode?) -> [Event] {
        let usual: [Event] = [.push, .pullRequest, .tag, .manual]
        guard let node else { return usual }
        let wanted = (node["include"] ?? (node.isMapping ? nil : node))?.texts
        let unwanted = node["exclude"]?.texts.compactMap { Event($0) } ?? []
        var events: [Event] = []
        let named = wanted.map { words in words.compactMap { Event($0) } } ?? usual
        for event in named where !events.contains(event) {
            if !unwanted.contains(event) { events.append(event) }
        }
        return events
    }

    mutating func add(_ entries: [YAMLNode]?) {
        for entry in entries ?? [YAMLNode(content: .mapping([]), mark: .start)] { add(entry) }
    }

    private mutating func add(_ entry: YAMLNode) {
        var events = Self.events(entry["event"])
        var branches = entry["branch"].map { Patterns($0).listed }
        if let refs = entry["ref"].map({ Patterns($0) }) {
            let heads = refs.wanted.compactMap { $0.without(start: "refs/heads/") }
            let named = refs.wanted.compactMap { $0.without(start: "refs/tags/") }
            if entry["event"] == nil {
                events = []
                if !heads.isEmpty { events.append(.push) }
                if !named.isEmpty { events.append(.tag) }
                if refs.wanted.contains(where: { $0.hasStart("refs/pull") }) {
                    events.append(.pullRequest)
                }
                events.append(.manual)
            }
            if !heads.isEmpty { branches = heads.contains("**") ? nil : heads }
            if named.isEmpty || named.contains("**") || named.contains("*") {
                takesAllTags = takesAllTags || events.contains(.tag)
            } else {
                tags += named
            }
        } else if events.contains(.tag) {
            takesAllTags = true
        }
        let paths = entry["path"].map { Patterns($0).listed }
        for event in events { add(event, branches: branches, paths: paths) }
    }

    private mutating func add(_ event: Event, branches: [String]?, paths: [String]?) {
        var filter = filters[event] ?? Filter()
        if let branches, !branches.contains(where: { $0.hasPart("${") }) {
            filter.branches += branches.filter { !filter.branches.contains($0) }
        } else {
            filter.takesAllBranches = true
        }
        if let paths {
            filter.paths += paths.filter { !filter.paths.contains($0) }
        } else {
            filter.takesAllPaths = true
        }
        filters[event] = filter
    }

    /// As it stands in `on`.
    var mapping: Mapping {
        var mapping = Mapping()
        for event in Event.allCases {
            guard let filter = filters[event] else { continue }
            switch event {
            case .push, .pullRequest:
                var keys = Mapping()
                if !filter.takesAllBranches, !filter.branches.isEmpty {
                    keys.set("branches", .texts(filter.branches))
                }
                if !filter.takesAllPaths, !filter.paths.isEmpty {
                    keys.set("paths", .texts(filter.paths))
                }
                mapping.set(event.rawValue, .mapping(keys))
            case .tag:
                mapping.set(
                    "tag",
                    takesAllTags || tags.isEmpty ? .mapping(Mapping()) : .texts(tags)
                )
            case .schedule: continue
            case .manual: mapping.set("manual", .mapping(Mapping()))
            }
        }
        if mapping.isEmpty { mapping.set("manual", .mapping(Mapping())) }
        let isTagOnly = mapping.entries.map(\.key) == ["tag"]
        for index in mapping.entries.indices where mapping.entries[index].key == "tag" {
            let isBare = mapping.entries[index].value == .mapping(Mapping())
            let others = mapping.entries.contains { $0.value != .mapping(Mapping()) }
            if isBare, others || isTagOnly { mapping.entries[index].value = .texts(["*"]) }
        }
        return mapping
    }

    /// What starts a pipeline that does not say.
    static let usual = Mapping([
        "push": .mapping(Mapping()), "pull_request": .mapping(Mapping()),
        "tag": .mapping(Mapping()), "manual": .mapping(Mapping()),
    ])

    /// The events alone, for pipelines whose jobs say the rest in `if`.
    var withoutFilters: Mapping {
        var mapping = Mapping()
        for event in Event.allCases where filters[event] != nil && event != .schedule {
            mapping.set(event.rawValue, .mapping(Mapping()))
        }
        if mapping.isEmpty { mapping.set("manual", .mapping(Mapping())) }
        return mapping
    }
}

extension Mapping {
    /// Lets the person who starts it say where to bring it, as a promotion did.
    mutating func askForTarget() {
        let target = Mapping(["description": .text("Where to bring it.")])
        let inputs = Mapping(["inputs": .mapping(Mapping(["target": .mapping(target)]))])
        entries.removeAll { $0.key == "manual" }
        set("manual", .mapping(inputs))
    }
}

/// Patterns that a name must match, and patterns that it must not.
struct Patterns {
    var wanted: [String]
    var unwanted: [String]

    init(_ node: YAMLNode) {
        wanted = ((node.isMapping ? node["include"] : node)?.flatTexts ?? []).filter {
            !$0.hasStart("!")
        }
        let negated =
            (node.isMapping ? nil : node)?.flatTexts.compactMap { $0.without(start: "!") } ?? []
        unwanted = (node["exclude"]?.texts ?? []) + negated
    }

    /// As our triggers list them.
    var listed: [String] {
        (wanted.isEmpty && !unwanted.isEmpty ? ["**"] : wanted) + unwanted.map { "!\($0)" }
    }

    func condition(on name: String) -> Condition {
        let yes = Self.any(wanted, name)
        guard !unwanted.isEmpty else { return wanted.isEmpty ? .always : yes }
        let no = Condition.not(Self.any(unwanted, name))
        return wanted.isEmpty ? no : .all([yes, no])
    }

    private static func any(_ patterns: [String], _ name: String) -> Condition {
        let isPlain = patterns.allSatisfy { !$0.utf8.contains { "*?[{$".utf8.contains($0) } }
        if isPlain, patterns.count > 1 {
            let list = patterns.map { Condition.text($0).rendered }.joined(separator: ", ")
            return .compare(.name(name), "in", .name("[\(list)]"))
        }
        return .any(
            patterns.map { pattern in
                if ["${CI_REPO_DEFAULT_BRANCH}", "${DRONE_REPO_BRANCH}"].contains(pattern) {
                    return .compare(.name(name), "==", .name("default_branch"))
                }
                let isGlob = pattern.utf8.contains { "*?".utf8.contains($0) }
                return .compare(.name(name), isGlob ? "=~" : "==", .text(pattern))
            }
        )
    }
}
