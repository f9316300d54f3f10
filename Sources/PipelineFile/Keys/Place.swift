/// A mapping of the file that has keys of its own.
enum Place: String, CaseIterable {
    case pipeline = "a pipeline"
    case triggers = "'on'"
    case push = "'push'"
    case manual = "'manual'"
    case defaults = "'defaults'"
    case job = "a job"
    case step = "a step"
    case artifact = "an artifact"
    case download = "'download'"
    case publish = "'publish'"
    case promote = "'promote'"
}

/// Every key that this version reads, in its only spelling.
enum Word: String, CaseIterable {
    case name
    case on
    case push
    case branches
    case paths
    case tag
    case manual
    case env
    case defaults
    case image
    case timeout
    case jobs
    case needs
    case condition = "if"
    case labels
    case allowFailure = "allow_failure"
    case steps
    case artifacts
    case run
    case download
    case job
    case artifact
    case to
    case publish
    case unit
    case from
    case version
    case channel
    case notes
    case promote
}

/// What may stand behind a key.
indirect enum Shape: Equatable, Sendable {
    case text
    case flag
    case duration
    case nothing
    case choice([String])
    case list(Shape)
    /// A mapping whose keys are names the author chooses.
    case table(Shape)
    case fields(Place)
    case either([Shape])

    static let texts = Shape.either([.text, .list(.text)])
}

/// One row of the vocabulary: a key, what may stand behind it, and what it means.
struct Key: Equatable, Sendable {
    var word: Word
    var shape: Shape
    var meaning: String
    var isRequired: Bool

    init(_ word: Word, _ shape: Shape, _ meaning: String, isRequired: Bool = false) {
        self.word = word
        self.shape = shape
        self.meaning = meaning
        self.isRequired = isRequired
    }
}
