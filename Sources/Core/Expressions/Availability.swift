/// When a value gets known; what a place of the file may use follows from when it is decided.
package enum Availability: Int, Sendable, Comparable, CaseIterable {
    /// When the build is planned: the change, the matrix, the inputs.
    case planning
    /// When the job may start: what it needs has ended, and the build has its number.
    case ready
    /// Beside the workspace: files, and what earlier steps have set.
    case running

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Says in a message when something is known or decided.
    package var phrase: String {
        switch self {
        case .planning: "when the build is planned"
        case .ready: "when the job is ready to start"
        case .running: "while the job runs"
        }
    }
}
