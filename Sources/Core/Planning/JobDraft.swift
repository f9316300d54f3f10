/// A job that will be in the build, before it knows the others.
struct JobDraft {
    /// A name to be looked up among the jobs of one use of one file.
    struct Need {
        var scope: Int
        var name: String
        var isOptional: Bool
    }

    var definition: JobDefinition
    var file: FileUse
    /// The use of the file that it stands in.
    var scope: Int
    /// Unique in the build.
    var name: String
    /// What expressions call it, from the build's own file.
    var key: String
    /// With the matrix.
    var names: Names
    var matrix: [String: String]
    var allowFailure: Bool
    var failFast: String?
    var needs: [Need]
    /// Why the job that uses its file does not run.
    var filter: String?
}

/// The job that uses a file, as far as the jobs in it are concerned.
struct Caller {
    var name: String
    var key: String
    var allowFailure: Bool
    var failFast: String?
    /// Jobs of the used file that need nothing wait for what the job that uses it needs.
    var needs: [JobDraft.Need]
    var filter: String?
}
