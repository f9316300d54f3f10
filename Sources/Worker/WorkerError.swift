/// Why a call of the worker did not do what it was for.
package enum WorkerError: Error, Sendable, CustomStringConvertible {
    /// The master cannot be reached, or is not well: try again later.
    case masterAway(String)
    /// The attempt belongs to someone else now.
    case stale
    /// A log's bytes are missing on the master's side.
    case logGap(expected: Int)
    /// The master refused; trying again will not help.
    case refused(status: Int, detail: String)
    /// A file of ours could not be read or written.
    case file(String)

    package var description: String {
        switch self {
        case .masterAway(let why): "the master cannot be reached: \(why)"
        case .stale: "the attempt was given to someone else"
        case .logGap(let expected): "the master's log ends at byte \(expected)"
        case .refused(let status, let detail): "the master refused (\(status)): \(detail)"
        case .file(let what): what
        }
    }
}
