import Core

/// The table of the language: which keys each mapping has, what stands behind them, what they mean.
///
/// The reader, its messages and the JSON Schema all follow it; a key is added here first.
extension Place {
    /// The keys of this mapping, in the order people are told of them.
    var keys: [Key] { vocabulary.keys }

    /// The key that is spelt so, if this mapping has it.
    func word(_ text: String) -> Word? { vocabulary.words[text] }

    func has(_ word: Word) -> Bool { self.word(word.rawValue) != nil }

    /// The keys in words, for hints.
    var keysListed: String { keys.map(\.word.rawValue).listed }

    /// What stands behind keys that the author names himself beside those of the table.
    var ownNames: Shape? { self == .matrix ? .list(.scalar) : nil }

    /// Keys of which a mapping of this place has one, and whether only one.
    var alternatives: (words: [Word], isExclusive: Bool)? { Self.alternatives[self] }

    private static let alternatives: [Place: (words: [Word], isExclusive: Bool)] = [
        .pipeline: ([.jobs, .steps], true),
        .job: ([.steps, .uses], true),
        .step: (actionWords + [.with], true),
        .notice: ([.mail, .webhook], false),
    ]

    /// Keys beside which others mean nothing.
    var exclusions: [(word: Word, others: [Word])] { Self.exclusions[self] ?? [] }

    private static let exclusions: [Place: [(word: Word, others: [Word])]] = [
        .pipeline: [(.jobs, loneJobWords)],
        .job: [(.uses, jobKeys.keys.map(\.word).filter { !wordsBesideUses.contains($0) })],
        .step: [Word.download, .publish, .promote, .gate].map { ($0, containerWords) },
    ]

    var vocabulary: Vocabulary {
        switch self {
        case .pipeline: Self.wholePipelineKeys
        case .triggers: Self.triggerKeys
        case .push: Self.pushKeys
        case .pullRequest: Self.pullRequestKeys
        case .schedule: Self.scheduleKeys
        case .afterPipeline: Self.afterPipelineKeys
        case .manual: Self.manualKeys
        case .input: Self.inputKeys
        case .concurrency: Self.concurrencyKeys
        case .defaults: Self.defaultKeys
        case .job: Self.jobKeys
        case .need: Self.needKeys
        case .matrix: Self.matrixKeys
        case .resources: Self.resourceKeys
        case .service: Self.serviceKeys
        case .health: Self.healthKeys
        case .cache: Self.cacheKeys
        case .checkout: Self.checkoutKeys
        case .step: Self.stepKeys
        case .retry: Self.retryKeys
        case .lock: Self.lockKeys
        case .secret: Self.secretKeys
        case .download: Self.downloadKeys
        case .publish: Self.publishKeys
        case .promote: Self.promoteKeys
        case .gate: Self.gateKeys
        case .reports: Self.reportKeys
        case .artifact: Self.artifactKeys
        case .notice: Self.noticeKeys
        }
    }

    private static let pipelineKeys: Vocabulary = [
        Key(.name, .text, "What the pipeline is called; without it, the file's name."),
        Key(
            .on,
            .either([.fields(.triggers), .list(triggerWord), triggerWord]),
            "What starts it; without it, a push to any branch, a pull request or a person."
        ),
        Key(.quiet, .duration, "How long a ref must be still first; each change starts it anew."),
        Key(.collapse, .flag, "Whether waiting builds of one branch become the newest of them."),
        Key(.priority, .integer(priorities), "Which builds go first: those with more."),
        Key(.concurrency, .fields(.concurrency), "How many builds of a group run at once."),
        Key(.inputs, .table(.fields(.input)), "What a file for 'uses' is given by 'with'."),
        Key(.env, .table(.template), "Environment variables of every step."),
        Key(.defaults, .fields(.defaults), "What jobs have that do not say otherwise."),
        Key(.jobs, .table(.fields(.job)), "The jobs by name; without it, the file is one job."),
        Key(.onResult, .list(.fields(.notice)), "Who hears of the result, and when."),
    ]

    /// Keys of `pipeline` that belong to its only job, when it has no `jobs`.
    static let loneJobWords: [Word] = [
        .image, .shell, .labels, .resources, .onLost, .matrix, .services, .cache, .checkout,
        .channel,
        .timeout, .idleTimeout, .allowFailure, .steps, .reports, .artifacts,
    ]

    private static let wholePipelineKeys = Vocabulary(pipelineKeys.keys + loneJobKeys)

    private static let loneJobKeys = loneJobWords.compactMap { word -> Key? in
        guard var key = jobKeys.keys.first(where: { $0.word == word }) else { return nil }
        key.meaning = "In a file without 'jobs': " + key.meaning.withSmallStart
        key.isRequired = false
        return key
    }

    /// Of what may run or be held at once.
    static let limits = 1...1_000

    private static let concurrencyKeys: Vocabulary = [
        Key(.group, .template, "Builds of one group share the limit.", isRequired: true),
        Key(.limit, .integer(limits), "How many run at once; without it, 1."),
        Key(
            .onNew,
            .choice(of: ConcurrencyPolicy.self),
            "Whether a new build waits or cancels the oldest; without it, it waits."
        ),
    ]

    private static let defaultKeys: Vocabulary = [
        Key(.image, .template, "The image of steps whose job and step name none."),
        Key(.shell, .text, "What reads the commands, such as 'bash -e'."),
        Key(.timeout, .duration, "How long a job may take that does not say."),
        Key(.idleTimeout, .duration, "How long a step may be silent."),
    ]

    private static let noticeKeys: Vocabulary = [
        Key(.condition, .expression, "When it is sent; without it, after every build."),
        Key(.mail, .texts, "Who gets a mail: 'blamelist', or addresses."),
        Key(.webhook, .texts, "Which webhooks of the server are called, by name."),
    ]
}

extension String {
    /// The same with a small first letter, to go on after a colon.
    fileprivate var withSmallStart: String {
        prefix(1).lowercased() + dropFirst()
    }
}
