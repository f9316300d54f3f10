/// The `if:` of a job or step, as far as this version reads expressions.
package enum Condition: String, Sendable, Codable, CaseIterable {
    case success
    case failure
    case always

    /// Whether it holds after what came before: needed jobs for a job, earlier steps for a step.
    package func holds(after earlier: some Sequence<BuildResult>) -> Bool {
        switch self {
        case .success: earlier.allSatisfy(\.isGreen)
        case .failure: !earlier.allSatisfy(\.isGreen)
        case .always: true
        }
    }
}
