import Core

/// The keys of a step, and of the mappings in it.
extension Place {
    static let stepKeys: Vocabulary = [
        Key(.name, .template, "What it is called; without it, the start of what it does."),
        Key(.condition, .expression, "Whether it runs; without it, if the steps before it did."),
        Key(.image, .template, "An image reference, or './containers/NAME' of the repository."),
        Key(.env, .table(.template), "Environment variables, over those of job and pipeline."),
        Key(.run, .texts, "Commands for '/bin/sh -e'."),
        Key(.shell, .text, "What reads the commands instead, such as 'bash -e'."),
        Key(.with, .table(.scalar), "Settings of a plug-in image, as PLUGIN_ variables."),
        Key(.secrets, .table(.fields(.secret)), "Secrets of the server, by variable."),
        Key(.download, .fields(.download), "Takes an artifact of an earlier job."),
        Key(.publish, .fields(.publish), "Makes a release of a folder."),
        Key(.promote, .fields(.promote), "Moves a channel to the release of this build."),
        Key(.gate, .fields(.gate), "Waits for people, without holding a worker."),
        Key(.timeout, .duration, "How long it may take."),
        Key(.idleTimeout, .duration, "How long it may be silent."),
        Key(.retry, .fields(.retry), "When it is tried again."),
        Key(.exitCodes, .codes(.choice(of: ExitMeaning.self)), "What exit codes mean."),
        Key(.locks, .list(.fields(.lock)), "What it may not share while it runs."),
        Key(
            .allowFailure,
            allowFailureShape,
            "Whether its failure is only a warning, or the exit codes that are."
        ),
    ]

    /// The keys of which a step has exactly one, or an image with `with`.
    static let actionWords: [Word] = [.run, .download, .publish, .promote, .gate]

    /// The keys that only mean something beside commands or a plug-in.
    static let containerWords: [Word] = [
        .image, .env, .shell, .with, .secrets, .retry, .exitCodes, .idleTimeout,
    ]

    static let retryKeys: Vocabulary = [
        Key(
            .max,
            .integer(1...RetryRule.maxMax),
            "How many more tries there are.",
            isRequired: true
        ),
        Key(
            .on,
            .list(.either([.choice(retryReasons), .integer(exitCodes)])),
            "After what: results and exit codes; without it, any failure."
        ),
    ]

    static let retryReasons = ["failure", "exception", "timeout"]

    static let lockKeys: Vocabulary = [
        Key(.name, .text, "What the lock is called.", isRequired: true),
        Key(.count, .integer(limits), "How many of it the step takes; without it, 1."),
        Key(.mode, .choice(of: LockMode.self), "Whether it is held alone or counted."),
        Key(.scope, .choice(of: LockScope.self), "Whether all workers share it, or each has one."),
    ]

    static let secretKeys: Vocabulary = [
        Key(.from, .text, "The secret's name on the server.", isRequired: true),
        Key(
            .asForm,
            .choice(of: SecretForm.self),
            "Whether the variable holds the secret or the path of a file that does."
        ),
    ]

    static let downloadKeys: Vocabulary = [
        Key(.job, .text, "The job that kept it.", isRequired: true),
        Key(.artifact, .text, "Its name.", isRequired: true),
        Key(.to, .template, "The folder it goes to; without it, the workspace itself."),
    ]

    static let publishKeys: Vocabulary = [
        Key(.unit, .template, "The unit; without it, the repository's name."),
        Key(.from, .template, "The folder that becomes the release.", isRequired: true),
        Key(.version, .template, "Its version; without it, '${{ semver }}'."),
        Key(.channel, .template, "The channel to move; without it, the unit's first."),
        Key(.notes, .text, "A file that says what is new."),
    ]

    static let promoteKeys: Vocabulary = [
        Key(.unit, .template, "The unit; without it, the repository's name."),
        Key(.to, .template, "The channel to move.", isRequired: true),
    ]

    static let gateMinimums = 1...100

    static let gateKeys: Vocabulary = [
        Key(.name, .template, "What people are asked to let through.", isRequired: true),
        Key(
            .approvers,
            .list(.text),
            "People, and teams as 'team:NAME'; without it, the server's."
        ),
        Key(.min, .integer(gateMinimums), "How many must agree; without it, 1."),
        Key(.timeout, .duration, "How long it waits before it gives up."),
    ]
}
