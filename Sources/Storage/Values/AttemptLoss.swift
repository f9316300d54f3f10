/// What the silence of a worker led to.
package enum AttemptLoss: Sendable {
    /// The attempt is over: another follows, or the job has ended with it.
    case over(JobEnd)
    /// Its job waits for this worker, as its `on_lost` says.
    case waits
    /// It had ended before.
    case none
}
