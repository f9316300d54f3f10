import Core

/// What a job has beside its steps.
extension PipelineReader {
    mutating func resources(_ entry: Entry) -> Resources {
        guard let fields = fields(entry, in: .resources) else { return Resources() }
        return Resources(
            millicpu: fields[.cpu].flatMap { thousandths($0) },
            memory: fields[.memory].flatMap { size($0) }
        )
    }

    mutating func services(_ entry: Entry) -> [ServiceDefinition] {
        (table(entry, hint: "write 'NAME: { image: IMAGE }'") ?? []).compactMap { entry in
            guard isHostName(entry), let fields = fields(entry, in: .service) else { return nil }
            return ServiceDefinition(
                name: entry.located,
                image: fields[.image].flatMap { image($0) } ?? .unread,
                environment: fields[.env].map { environment($0) } ?? [:],
                health: fields[.health].flatMap { health($0) }
            )
        }
    }

    /// Whether steps can reach a service by this name.
    private mutating func isHostName(_ entry: Entry) -> Bool {
        let bytes = entry.key.utf8
        let isWord = bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        if isWord, let first = bytes.first, isAlphanumeric(first), bytes.count <= 63 { return true }
        problems.add(
            "\(quoted(entry.key)) cannot be the name of a service",
            at: entry.keyMark,
            hint: "steps reach it by its name: letters, digits and '-', at most 63"
        )
        return false
    }

    private mutating func health(_ entry: Entry) -> HealthCheck? {
        guard let fields = fields(entry, in: .health) else { return nil }
        var check = HealthCheck(run: fields[.run].flatMap { command($0) } ?? "")
        if let interval = fields[.interval].flatMap({ duration($0) }) { check.interval = interval }
        if let timeout = fields[.timeout].flatMap({ duration($0) }) { check.timeout = timeout }
        return check
    }

    mutating func caches(_ entry: Entry) -> [CacheDefinition] {
        list(entry, of: .cache).map { fields in
            CacheDefinition(
                key: fields[.key].flatMap { template($0) } ?? .unread,
                restore: fields[.restore].map { items($0) }?.compactMap { template($0) } ?? [],
                paths: fields[.paths].map { paths($0) } ?? []
            )
        }
    }

    mutating func checkout(_ entry: Entry) -> Checkout? {
        if case .scalar(let text, .plain) = entry.value.content, !entry.value.isNull {
            if text == "false" { return Checkout.none }
            problems.add(
                "'checkout' must be false or a mapping",
                at: entry.value.start,
                hint: "the source is checked out anyway: leave it out, or say how: "
                    + "'{ depth: 50, submodules: false }'"
            )
            return nil
        }
        guard let fields = fields(entry, in: .checkout) else { return nil }
        let depth = fields[.depth].flatMap { integer($0, in: 0...Place.depthMax) }
        let submodules = fields[.submodules].flatMap { flag($0) } ?? false
        guard case .source(let standard, _) = Checkout.standard else { return nil }
        return .source(depth: depth == 0 ? nil : depth ?? standard, submodules: submodules)
    }

    mutating func reports(_ entry: Entry) -> [ReportSpec] {
        guard let fields = fields(entry, in: .reports) else { return [] }
        return ReportKind.allCases.compactMap { kind in
            fields[kind.word].map { ReportSpec(kind: kind, paths: paths($0)) }
        }
    }

    mutating func artifacts(_ entry: Entry) -> [ArtifactDefinition] {
        var seen: Set<String> = []
        return list(entry, of: .artifact).compactMap { fields in
            let artifact = ArtifactDefinition(
                name: fields[.name].flatMap { nameTemplate($0) } ?? .unread,
                paths: fields[.paths].map { paths($0) } ?? [],
                expireIn: fields[.expireIn].flatMap { duration($0) },
                when: fields[.when].flatMap { choice($0, ArtifactOccasion.self) } ?? .success
            )
            guard let entry = fields[.name] else { return nil }
            guard seen.insert(artifact.name.source).inserted else {
                let name = quoted(artifact.name.source)
                problems.add("a second artifact \(name)", at: entry.value.start)
                return nil
            }
            return artifact
        }
    }
}

extension ReportKind {
    fileprivate var word: Word {
        switch self {
        case .junit: .junit
        }
    }
}
