import Core

/// Reads a tree of YAML into a pipeline, and goes on after each problem.
///
/// It knows what one mapping may say; what ties jobs together is for the planner to check.
struct PipelineReader {
    let text: SourceText
    var problems: Problems
    /// What has been walked through already: many aliases may stand for one long text.
    private var textMarks: [Mark: Mark] = [:]

    init(text: SourceText, problems: Problems) {
        self.text = text
        self.problems = problems
    }

    /// Where the text of a value stands.
    mutating func mark(of node: YAMLNode) -> Mark {
        if !textMarks.isEmpty, let known = textMarks[node.textStart] { return known }
        let mark = text.textMark(of: node)
        if !mark.bends.isEmpty { textMarks[node.textStart] = mark }
        return mark
    }

    /// The pipeline as far as it could be read; it only counts when there are no problems.
    mutating func pipeline(_ root: YAMLNode) -> Pipeline? {
        guard case .mapping = root.content else {
            problems.add(
                "a pipeline is a mapping, not \(root.noun)",
                at: root.start,
                hint: "the smallest pipeline is an 'image' and 'steps'"
            )
            return nil
        }
        let whole = Entry(key: "pipeline", keyMark: root.start, value: root)
        guard let fields = fields(whole, in: .pipeline) else { return nil }
        let fileName = Self.fileName(problems.path)
        var pipeline = Pipeline(
            name: fields[.name].flatMap { pipelineName($0) } ?? fileName,
            path: problems.path,
            triggers: fields[.on].map { triggers($0) } ?? .standard,
            inputs: fields[.inputs].map { inputs($0) } ?? [],
            environment: fields[.env].map { environment($0) } ?? [:],
            defaults: fields[.defaults].map { defaults($0) }
                ?? JobDefaults(image: fields.hasStrangers ? .unread : nil),
            jobs: []
        )
        readOrder(fields, into: &pipeline)
        pipeline.onResult = fields[.onResult].map { notices($0) } ?? []
        pipeline.jobs = jobs(fields, fileName: fileName)
        return pipeline
    }

    /// Says which keys of a pipeline make no sense in a build that runs already.
    mutating func requireFragment(_ root: YAMLNode) {
        guard case .mapping(let pairs) = root.content else { return }
        let words = Self.fragmentWords.map(\.rawValue)
        for pair in pairs where Place.pipeline.word(pair.key) != nil && !words.contains(pair.key) {
            problems.add(
                "\(quoted(pair.key)) among generated jobs",
                at: pair.keyMark,
                hint: "they join a build that runs already: the keys are \(words.listed)"
            )
        }
    }

    private static let fragmentWords: [Word] = [.jobs, .env, .defaults]

    /// Which builds run, and when.
    private mutating func readOrder(_ fields: Fields, into pipeline: inout Pipeline) {
        pipeline.quiet = fields[.quiet].flatMap { duration($0) }
        pipeline.collapse = fields[.collapse].flatMap { flag($0) } ?? false
        pipeline.priority = fields[.priority].flatMap { integer($0, in: priorities) } ?? 0
        if let entry = fields[.concurrency], let fields = self.fields(entry, in: .concurrency) {
            pipeline.concurrency = concurrency(fields)
        }
    }

    private mutating func concurrency(_ fields: Fields) -> ConcurrencyDefinition {
        ConcurrencyDefinition(
            group: fields[.group].flatMap { labelTemplate($0) } ?? .unread,
            limit: fields[.limit].flatMap { integer($0, in: Place.limits) } ?? 1,
            onNew: fields[.onNew].flatMap { choice($0, ConcurrencyPolicy.self) } ?? .queue
        )
    }

    private mutating func defaults(_ entry: Entry) -> JobDefaults {
        guard let fields = fields(entry, in: .defaults) else { return JobDefaults() }
        return JobDefaults(
            image: image(of: fields),
            shell: fields[.shell].flatMap { shell($0) },
            timeout: fields[.timeout].flatMap { duration($0) },
            idleTimeout: fields[.idleTimeout].flatMap { duration($0) }
        )
    }

    private mutating func notices(_ entry: Entry) -> [NoticeDefinition] {
        list(entry, of: .notice).flatMap { fields in
            let condition = fields[.condition].flatMap { expression($0) }
            let mail = fields[.mail].map { items($0) } ?? []
            let webhooks = fields[.webhook].map { items($0) } ?? []
            if fields[.mail] == nil, fields[.webhook] == nil, !fields.hasStrangers {
                problems.add(
                    "nobody is told of the result here",
                    at: fields.mark,
                    hint: "say whom: 'mail' or 'webhook'"
                )
            }
            let targets =
                mail.compactMap { label($0).map(NoticeTarget.mail) }
                + webhooks.compactMap { webhook($0).map(NoticeTarget.webhook) }
            return targets.map { NoticeDefinition(condition: condition, target: $0) }
        }
    }

    private mutating func pipelineName(_ entry: Entry) -> String? {
        plainText(entry, hint: "a pipeline has one name; those of steps may have values in them")
            .flatMap { isLabel($0, of: entry) ? $0 : nil }
    }

    private mutating func webhook(_ entry: Entry) -> String? {
        if case .scalar(let text, _) = entry.value.content, text.firstOffset(of: "://") != nil {
            problems.add(
                "an address in \(quoted(entry.key))",
                at: entry.value.start,
                hint: "write the webhook's name: its address is a setting of the server"
            )
            return nil
        }
        return name(entry)
    }

    /// `main` of `pipelines/main.yml`.
    static func fileName(_ path: String) -> String {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
        for ending in [".yml", ".yaml"]
        where name.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
            return String(Substring(name.dropLast(ending.utf8.count)))
        }
        return String(Substring(name))
    }
}
