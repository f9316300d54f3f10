import Core

/// The keys of a job, and of the mappings in it that are not steps.
extension Place {
    private static let needShape = Shape.either([.text, .fields(.need)])

    static let jobKeys: Vocabulary = [
        Key(
            .needs,
            .either([needShape, .list(needShape)]),
            "Jobs that end before this one begins."
        ),
        Key(.condition, .expression, "Whether it runs; without it, if what it needs succeeded."),
        Key(.matrix, .fields(.matrix), "One job for each combination of values."),
        Key(.labels, .list(.template), "Labels its worker must have, all of them."),
        Key(.resources, .fields(.resources), "What its worker must have to spare."),
        Key(
            .onLost,
            .choice(of: LossPolicy.self),
            "What follows when its worker is lost; without it, another try."
        ),
        Key(.channel, .template, "The channel whose lock, secrets and policy it takes."),
        Key(.image, .template, "The image of steps that name none."),
        Key(.shell, .text, "What reads the commands of its steps, such as 'bash -e'."),
        Key(.env, .table(.template), "Environment variables of its steps."),
        Key(.services, .table(.fields(.service)), "Containers that run beside its steps."),
        Key(.cache, .list(.fields(.cache)), "Folders that outlive the job."),
        Key(.checkout, .either([.no, .fields(.checkout)]), "How the source is checked out."),
        Key(.timeout, .duration, "How long it may take."),
        Key(.idleTimeout, .duration, "How long a step may be silent."),
        Key(
            .allowFailure,
            allowFailureShape,
            "Whether its failure is only a warning, or the exit codes that are."
        ),
        Key(.steps, .list(.fields(.step)), "What it does, in order."),
        Key(.uses, .text, "The file below 'pipelines/' whose jobs stand here."),
        Key(.with, .table(.template), "The values of that file's inputs."),
        Key(.reports, .fields(.reports), "Files that say what the tests found."),
        Key(.artifacts, .list(.fields(.artifact)), "Files it keeps when it ends."),
    ]

    /// The keys that may stand beside `uses`.
    static let wordsBesideUses: [Word] = [.needs, .condition, .uses, .with]

    static let allowFailureShape = Shape.either([.flag, .list(.integer(exitCodes))])
    /// Zero is success, and a process has no more than eight bits.
    static let exitCodes = 1...255

    static let needKeys: Vocabulary = [
        Key(.job, .text, "The job that ends before this one begins.", isRequired: true),
        Key(.optional, .flag, "Whether it may be skipped or missing."),
    ]

    /// Beside them stand the axes, whose names the author chooses.
    static let matrixKeys: Vocabulary = [
        Key(.include, .list(.table(.scalar)), "Combinations to add, or values to add to some."),
        Key(.exclude, .list(.table(.scalar)), "Combinations to leave out."),
        Key(.failFast, .flag, "Whether the first failure cancels the others."),
    ]

    static let axesMax = 16
    /// Of `include` and of `exclude`: as many as there may be combinations.
    static let rowsMax = 256

    static let resourceKeys: Vocabulary = [
        Key(.cpu, .decimal, "Processors."),
        Key(.memory, .size, "Memory, such as 8GiB."),
    ]

    static let serviceKeys: Vocabulary = [
        Key(.image, .template, "What runs; the steps reach it by its name.", isRequired: true),
        Key(.env, .table(.template), "Its environment variables."),
        Key(.health, .fields(.health), "How to see that it is ready."),
    ]

    static let healthKeys: Vocabulary = [
        Key(.run, .text, "A command in it that succeeds once it is ready.", isRequired: true),
        Key(.interval, .duration, "How long to wait between tries."),
        Key(.timeout, .duration, "How long it may take to become ready."),
    ]

    static let cacheKeys: Vocabulary = [
        Key(.key, .template, "What the content is found by.", isRequired: true),
        Key(.restore, .templates, "Beginnings of keys that will do when the key is new."),
        Key(.paths, .texts, "Folders of the workspace.", isRequired: true),
    ]

    static let checkoutKeys: Vocabulary = [
        Key(.depth, .integer(0...depthMax), "How many commits of history; 0 means all."),
        Key(.submodules, .flag, "Whether submodules are checked out too."),
    ]

    static let depthMax = 1_000_000

    static let reportKeys: Vocabulary = [
        Key(.junit, .texts, "Test results in JUnit's XML.")
    ]

    static let artifactKeys: Vocabulary = [
        Key(.name, .template, "What 'download' calls it.", isRequired: true),
        Key(.paths, .texts, "Files and folders of the workspace.", isRequired: true),
        Key(.expireIn, .duration, "How long it is kept."),
        Key(
            .when,
            .choice(of: ArtifactOccasion.self),
            "After which end of the job; without it, success."
        ),
    ]
}
