/// What a person decided about a worker.
package enum WorkerMode: String, Sendable, CaseIterable {
    case taking
    case paused
    /// As paused; its process may end when its jobs have.
    case draining
}
