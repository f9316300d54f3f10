/// The table of the language: which keys each mapping has, and which it will have.
///
/// The reader, its messages and the JSON Schema all follow it; a key is added here first.
extension Place {
    /// The keys that are read, in the order they are written in.
    var keys: [Key] {
        switch self {
        case .pipeline: Self.pipelineKeys
        case .triggers: Self.triggerKeys
        case .push: Self.pushKeys
        case .manual: []
        case .defaults: Self.defaultKeys
        case .job: Self.jobKeys
        case .step: Self.stepKeys
        case .artifact: Self.artifactKeys
        case .download: Self.downloadKeys
        case .publish: Self.publishKeys
        case .promote: Self.promoteKeys
        }
    }

    /// Keys of the language that this version does not read yet.
    var laterKeys: [String] {
        switch self {
        case .pipeline:
            [
                "quiet", "collapse", "priority", "concurrency", "on_result", "inputs", "services",
                "matrix", "cache", "checkout", "reports", "resources",
            ]
        case .triggers: ["pull_request", "schedule", "pipeline"]
        case .manual: ["inputs"]
        case .defaults: ["idle_timeout"]
        case .job:
            [
                "matrix", "resources", "on_lost", "services", "cache", "reports", "channel",
                "uses", "with", "checkout", "idle_timeout",
            ]
        case .step:
            ["retry", "exit_codes", "locks", "secrets", "shell", "with", "gate", "idle_timeout"]
        case .artifact: ["expire_in", "when"]
        case .push, .download, .publish, .promote: []
        }
    }

    func has(_ word: Word) -> Bool { keys.contains { $0.word == word } }

    /// Keys of `pipeline` that belong to its only job, when it has no `jobs`.
    static let loneJobWords: [Word] = [.image, .steps, .labels, .timeout, .artifacts]

    private static let pipelineKeys = [
        Key(.name, .text, "What the pipeline is called; without it, the file's name."),
        Key(
            .on,
            .either([.fields(.triggers), .list(triggerWord), triggerWord]),
            "What starts it; without it, a push to any branch, or a person."
        ),
        Key(.env, .table(.text), "Environment variables of every step."),
        Key(.defaults, .fields(.defaults), "What jobs have that do not say otherwise."),
        Key(.jobs, .table(.fields(.job)), "The jobs by name; without it, the file is one job."),
        Key(.image, .text, "In a file without 'jobs': the image its steps run in."),
        Key(.labels, .list(.text), "In a file without 'jobs': labels its worker must have."),
        Key(.timeout, .duration, "In a file without 'jobs': how long it may take."),
        Key(.steps, .list(.fields(.step)), "In a file without 'jobs': what it does."),
        Key(.artifacts, .list(.fields(.artifact)), "In a file without 'jobs': files it keeps."),
    ]

    private static let triggerWord = Shape.choice(["push", "tag", "manual"])

    private static let triggerKeys = [
        Key(.push, .either([.fields(.push), .nothing]), "A branch moved to a commit."),
        Key(
            .tag,
            .either([.text, .list(.text), .nothing]),
            "A tag appeared that one of the patterns matches; without patterns, any tag."
        ),
        Key(.manual, .either([.fields(.manual), .nothing]), "A person asked for it."),
    ]

    private static let pushKeys = [
        Key(.branches, .texts, "Patterns over branch names; '!' before one takes away."),
        Key(.paths, .texts, "Patterns over the changed files; '!' before one takes away."),
    ]

    private static let defaultKeys = [
        Key(.image, .text, "The image of steps whose job and step name none."),
        Key(.timeout, .duration, "How long a job may take that does not say."),
    ]

    private static let jobKeys = [
        Key(.needs, .texts, "Jobs that end before this one begins."),
        Key(.condition, condition, "Whether it runs after what it needs; else it is skipped."),
        Key(.labels, .list(.text), "Labels its worker must have, all of them."),
        Key(.image, .text, "The image of steps that name none."),
        Key(.env, .table(.text), "Environment variables of its steps."),
        Key(.timeout, .duration, "How long it may take."),
        Key(.allowFailure, .flag, "Whether its failure is only a warning."),
        Key(.steps, .list(.fields(.step)), "What it does, in order.", isRequired: true),
        Key(.artifacts, .list(.fields(.artifact)), "Files it keeps when it ends."),
    ]

    private static let condition = Shape.choice(["success()", "failure()", "always()"])

    private static let stepKeys = [
        Key(.name, .text, "What it is called; without it, the start of what it does."),
        Key(.image, .text, "An image reference, or './containers/NAME' of the repository."),
        Key(.env, .table(.text), "Environment variables, over those of job and pipeline."),
        Key(.run, .texts, "Commands for '/bin/sh -e'."),
        Key(.download, .fields(.download), "Takes an artifact of an earlier job."),
        Key(.publish, .fields(.publish), "Makes a release of a folder."),
        Key(.promote, .fields(.promote), "Moves a channel to the release of this build."),
        Key(.condition, condition, "Whether it runs after the steps before it."),
        Key(.timeout, .duration, "How long it may take."),
        Key(.allowFailure, .flag, "Whether its failure is only a warning."),
    ]

    private static let artifactKeys = [
        Key(.name, .text, "What 'download' calls it.", isRequired: true),
        Key(.paths, .texts, "Files and folders of the workspace.", isRequired: true),
    ]

    private static let downloadKeys = [
        Key(.job, .text, "The job that kept it.", isRequired: true),
        Key(.artifact, .text, "Its name.", isRequired: true),
        Key(.to, .text, "The folder it goes to; without it, the workspace itself."),
    ]

    private static let publishKeys = [
        Key(.unit, .text, "The unit; without it, the repository's name."),
        Key(.from, .text, "The folder that becomes the release.", isRequired: true),
        Key(.version, .text, "Its version; without it, '${{ semver }}'."),
        Key(.channel, .text, "The channel to move; without it, the unit's first."),
        Key(.notes, .text, "A file that says what is new."),
    ]

    private static let promoteKeys = [
        Key(.unit, .text, "The unit; without it, the repository's name."),
        Key(.to, .text, "The channel to move.", isRequired: true),
    ]
}
