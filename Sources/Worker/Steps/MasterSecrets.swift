import JobRunner

/// A worker whose master keeps no secrets: a job that asks for one says so, and what to do.
struct NoSecrets: SecretSource {
    func secrets(_ names: Set<String>, for berth: Berth) throws -> [String: String] {
        throw JobRunnerError(
            code: .missing,
            message: "the server keeps no secret \(names.sorted().joined(separator: ", ")): "
                + "this version has secrets only in 'slipway run --secret NAME'"
        )
    }
}
