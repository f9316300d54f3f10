/// How far a build or job has come: the contract's `state`.
package enum Progress: String, Sendable, Codable, CaseIterable {
    case waiting
    case running
    case finished
}
