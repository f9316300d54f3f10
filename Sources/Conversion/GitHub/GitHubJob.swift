/// What is known of a job while its steps are read.
struct GitHubJob {
    var draft: JobDraft
    /// Commands begin here, as `defaults` or the step says.
    var folder: String?
    var shell: String?
    /// Whether the job chose its image, so that no tool chooses another.
    var hasOwnImage = false
    /// The tools that were set up, and the image that brings the first of them.
    var tools: [String] = []
    /// The image for a job that sets up no tool.
    var spareImage: String?
    /// Where the steps with an id stand among the draft's steps.
    var places: [String: Int] = [:]
    /// Comments of steps that are not there any more, for the next one that is.
    var pending: [String] = []
    /// Secrets that every step with commands is given.
    var secrets: [SecretDraft] = []
    /// Axes whose values are versions of a tool, and become tags of its image.
    var versionAxes: Set<String> = []

    mutating func add(_ step: StepDraft) {
        var step = step
        step.comments = pending + step.comments
        pending = []
        draft.steps.append(step)
    }
}
