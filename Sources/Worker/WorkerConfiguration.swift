/// What a worker is told when it starts.
package struct WorkerConfiguration: Sendable {
    /// Of the master, without a slash at the end.
    package var master: String
    /// Of kind `worker`; the worker's name comes from it.
    package var token: String
    package var labels: [String]
    package var slots: Int
    /// Where berths, sources and unfinished jobs lie.
    package var folder: String
    /// Bytes; with less room left where it works, it claims no jobs.
    package var freeBytesMin: Int
    /// Steps end at once without Docker: for measurements of the master.
    package var isSimulated: Bool

    package init(
        master: String,
        token: String,
        labels: [String],
        slots: Int,
        folder: String,
        freeBytesMin: Int = WorkerConfiguration.freeBytesUsual,
        isSimulated: Bool = false
    ) {
        self.master = master
        self.token = token
        self.labels = labels
        self.slots = slots
        self.folder = folder
        self.freeBytesMin = freeBytesMin
        self.isSimulated = isSimulated
    }

    package static let freeBytesUsual = 1 << 30
}
