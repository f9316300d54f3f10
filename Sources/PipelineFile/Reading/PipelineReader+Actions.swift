import Core

/// What a step does.
extension PipelineReader {
    mutating func action(_ fields: Fields) -> ActionDefinition? {
        let given = Place.actionWords.compactMap { fields[$0] }
        guard let entry = given.first else { return plugin(fields) }
        for other in given.dropFirst() {
            problems.add(
                "\(quoted(entry.key)) and \(quoted(other.key)) in one step",
                at: other.keyMark,
                hint: "make it two steps"
            )
        }
        if fields[.run] != nil {
            if let with = fields[.with] {
                problems.add(
                    "'run' and 'with' in one step",
                    at: with.keyMark,
                    hint: "'with' is for an image that runs its own program; commands take 'env'"
                )
            }
            return script(entry).map { .run(script: $0) }
        }
        if fields[.download] != nil { return download(entry).map { .download($0) } }
        if fields[.publish] != nil { return publish(entry).map { .publish($0) } }
        if fields[.promote] != nil { return promote(entry).map { .promote($0) } }
        return gate(entry).map { .gate($0) }
    }

    /// An image with its settings, and no commands.
    private mutating func plugin(_ fields: Fields) -> ActionDefinition? {
        guard let with = fields[.with] else {
            if fields.hasStrangers { return nil }
            let words = Place.actionWords.map(\.rawValue).joined(separator: ", ")
            problems.add(
                "this step does nothing",
                at: fields.mark,
                hint: "give it one of \(words), or an image's settings in 'with'"
            )
            return nil
        }
        if fields[.image] == nil, !fields.hasStrangers {
            problems.add("'with' without an 'image' beside it", at: with.keyMark)
        }
        return .plugin
    }

    private mutating func script(_ entry: Entry) -> String? {
        var lines: [String] = []
        for item in items(entry) {
            if case .mapping = item.value.content {
                mistyped(item, "a text", hint: "write the command itself: '- run: make'")
                return nil
            }
            guard let line = command(item) else { return nil }
            lines.append(line)
        }
        let script = lines.joined(separator: "\n")
        guard script.utf8.contains(where: { $0 > 0x20 }) else {
            problems.add("\(quoted(entry.key)) has no commands", at: entry.keyMark)
            return nil
        }
        return script
    }

    private mutating func download(_ entry: Entry) -> DownloadDefinition? {
        guard let fields = fields(entry, in: .download) else { return nil }
        let job = fields[.job].flatMap { entry in
            plainText(entry).map { constant($0, entry) }
        }
        let artifact = fields[.artifact].flatMap { entry in
            name(entry).map { constant($0, entry) }
        }
        let folder = fields[.to].map { pathTemplate($0) ?? .unread }
        guard let job, let artifact else { return nil }
        return DownloadDefinition(job: job, artifact: artifact, to: folder)
    }

    private mutating func publish(_ entry: Entry) -> PublishDefinition? {
        guard let fields = fields(entry, in: .publish) else { return nil }
        return PublishDefinition(
            unit: fields[.unit].flatMap { nameTemplate($0) },
            from: fields[.from].flatMap { pathTemplate($0) } ?? .unread,
            version: fields[.version].flatMap { version($0) },
            channel: fields[.channel].flatMap { nameTemplate($0) },
            notes: fields[.notes].flatMap { path($0) }
        )
    }

    /// A version; what is put into it is checked when it is known.
    private mutating func version(_ entry: Entry) -> Template? {
        guard let template = template(entry) else { return nil }
        let isLegal = template.pieces.allSatisfy { piece in
            switch piece {
            case .text(let text):
                text.utf8.allSatisfy { isAlphanumeric($0) || "._-+~".utf8.contains($0) }
            case .value: true
            }
        }
        guard isLegal, (1...versionLengthMax).contains(template.source.utf8.count) else {
            problems.add(
                "\(quoted(template.source)) is not a version",
                at: entry.value.start,
                hint: "letters, digits and any of . _ - + ~, at most \(versionLengthMax)"
            )
            return nil
        }
        return template
    }

    private mutating func promote(_ entry: Entry) -> PromoteDefinition? {
        guard let fields = fields(entry, in: .promote) else { return nil }
        let unit = fields[.unit].flatMap { nameTemplate($0) }
        return fields[.to].flatMap { nameTemplate($0) }
            .map { PromoteDefinition(unit: unit, to: $0) }
    }

    private mutating func gate(_ entry: Entry) -> GateDefinition? {
        guard let fields = fields(entry, in: .gate) else { return nil }
        let approvers = fields[.approvers].map { list($0) }?.compactMap { approver($0) } ?? []
        return GateDefinition(
            name: fields[.name].flatMap { labelTemplate($0) } ?? .unread,
            approvers: approvers,
            min: fields[.min].flatMap { integer($0, in: Place.gateMinimums) } ?? 1,
            timeout: fields[.timeout].flatMap { duration($0) }
        )
    }

    /// A person, or `team:NAME`.
    private mutating func approver(_ entry: Entry) -> String? {
        guard let text = plainText(entry) else { return nil }
        let team = "team:"
        let isTeam = text.utf8.starts(with: team.utf8)
        let name = isTeam ? String(Substring(text.utf8.dropFirst(team.utf8.count))) : text
        guard Name.isValid(name) else {
            problems.add(
                "\(quoted(text)) is neither a person nor a team",
                at: entry.value.start,
                hint: "write a person's name, or 'team:NAME'"
            )
            return nil
        }
        return text
    }
}

private let versionLengthMax = 128
