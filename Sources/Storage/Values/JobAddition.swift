package import Core

/// Jobs that a step asked for, to join its build when its job has ended well.
package struct JobAddition: Sendable {
    package var fragment: Pipeline
    package var request: PlanRequest

    package init(_ fragment: Pipeline, for request: PlanRequest) {
        self.fragment = fragment
        self.request = request
    }
}
