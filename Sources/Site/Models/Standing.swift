package import Core

/// Where a build, job or step stands: one of the nine lamps.
package enum Standing: Equatable, Sendable {
    case waiting
    case running
    case finished(BuildResult)

    /// Reads the pair that the control database keeps.
    ///
    /// A finished thing always has a result; should one be missing, the machinery is at fault, so
    /// it shows as an exception rather than as something better.
    package init(_ state: Progress, _ result: BuildResult?) {
        switch state {
        case .waiting: self = .waiting
        case .running: self = .running
        case .finished: self = .finished(result ?? .exception)
        }
    }
}
