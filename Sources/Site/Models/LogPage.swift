/// The log of one step of a job, beside the job's other steps.
package struct LogPage: Equatable, Sendable {
    package var build: BuildLink
    package var sha: String
    /// The whole commit message, which may be empty.
    package var message: String
    package var job: BuildJob
    /// The step shown; an index of `job.steps`.
    package var step: Int
    /// Complete lines of the step's log so far.
    package var lines: Int
    /// What was read of it, in order, at most what ``LogWindow`` asked for.
    package var slices: [LogSlice]
    package var way: Way?
    package var buildStanding: Standing

    package init(
        build: BuildLink,
        sha: String,
        message: String,
        job: BuildJob,
        step: Int,
        lines: Int = 0,
        slices: [LogSlice] = [],
        way: Way? = nil,
        buildStanding: Standing
    ) {
        self.build = build
        self.sha = sha
        self.message = message
        self.job = job
        self.step = step
        self.lines = lines
        self.slices = slices
        self.way = way
        self.buildStanding = buildStanding
    }
}

/// Some consecutive lines of a log, as bytes.
package struct LogSlice: Equatable, Sendable {
    /// The number of the first line, from 1.
    package var firstLine: Int
    /// Where the slice begins in the log.
    package var offset: Int
    package var bytes: [UInt8]
    /// Bytes of the last line that were not read, because it is too long to show.
    package var omitted: Int

    package init(
        firstLine: Int,
        offset: Int,
        bytes: [UInt8],
        omitted: Int = 0
    ) {
        self.firstLine = firstLine
        self.offset = offset
        self.bytes = bytes
        self.omitted = omitted
    }
}
