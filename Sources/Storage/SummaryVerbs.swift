package import Core

/// What jobs have said to people, in Markdown.
package protocol SummaryVerbs {
    /// Of one job, or of the one it was taken over from.
    func summary(of job: JobID) throws -> String?
    /// Of the first jobs of a build that said anything, by their names; as many as fit a page.
    func summaries(of build: BuildID) throws -> [(job: String, text: String)]
}

/// Bytes of one job's summary that are kept.
package let summaryBytesMax = 65_536
