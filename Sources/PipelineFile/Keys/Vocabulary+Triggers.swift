import Core

/// The keys below `on`, and those of inputs.
extension Place {
    static let triggerWord = Shape.choice(["push", "pull_request", "tag", "manual"])

    static let triggerKeys: Vocabulary = [
        Key(.push, .either([.fields(.push), .nothing]), "A branch moved to a commit."),
        Key(
            .pullRequest,
            .either([.fields(.pullRequest), .nothing]),
            "A pull request was opened, or got new commits."
        ),
        Key(
            .tag,
            .either([.text, .list(.text), .nothing]),
            "A tag appeared that one of the patterns matches; without patterns, any tag."
        ),
        Key(.schedule, .list(.fields(.schedule)), "Its time has come."),
        Key(.pipeline, .fields(.afterPipeline), "Another pipeline ended on the same commit."),
        Key(.manual, .either([.fields(.manual), .nothing]), "A person asked for it."),
    ]

    static let pushKeys: Vocabulary = [
        Key(.branches, .texts, "Patterns over branch names; '!' before one takes away."),
        Key(.paths, .texts, "Patterns over the changed files; '!' before one takes away."),
        Key(
            .pathsMode,
            .choice(of: PathsMode.self),
            "Whether the next build names the pushes that 'paths' kept out: include, or trigger."
        ),
    ]

    static let pullRequestKeys: Vocabulary = [
        Key(.branches, .texts, "Patterns over the branch it wants to go into."),
        Key(.paths, .texts, "Patterns over the changed files; '!' before one takes away."),
    ]

    static let scheduleKeys: Vocabulary = [
        Key(
            .cron,
            .text,
            "Minute, hour, day, month and day of the week, or such as @daily.",
            isRequired: true
        ),
        Key(.timezone, .text, "Where the clock hangs, such as Europe/Berlin; without it, UTC."),
        Key(.onlyIfChanged, .flag, "Whether it needs a commit that the last build had not."),
        Key(.forceEvery, .duration, "How long 'only_if_changed' may hold it back."),
        Key(
            .missed,
            .choice(of: MissedPolicy.self),
            "Whether a time that passed while the server was away is made up for, once."
        ),
    ]

    static let afterPipelineKeys: Vocabulary = [
        Key(.name, .text, "The name of the other pipeline.", isRequired: true),
        Key(
            .result,
            .choice(of: BuildResult.self),
            "How it must have ended; without it, with success."
        ),
    ]

    static let manualKeys: Vocabulary = [
        Key(.inputs, .table(.fields(.input)), "What the person is asked for.")
    ]

    /// GitHub's words for them.
    static let inputTypes: [(word: String, choice: InputType)] = [
        ("string", .text), ("number", .number), ("boolean", .flag), ("choice", .choice),
    ]

    /// More than a person would fill in.
    static let inputsMax = 100

    static let inputKeys: Vocabulary = [
        Key(
            .type,
            .choice(inputTypes.map(\.word)),
            "What kind of value it is; without it, a string."
        ),
        Key(.options, .list(.scalar), "The values a choice has."),
        Key(.defaultValue, .scalar, "The value when nobody gives one."),
        Key(.required, .flag, "Whether somebody must give a value."),
        Key(.description, .text, "What it is for, in a sentence."),
    ]
}
