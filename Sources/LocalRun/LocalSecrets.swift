import JobRunner

/// The secrets a person gave for one run.
struct LocalSecrets: SecretSource {
    let values: [String: String]

    func secrets(_ names: Set<String>, for berth: Berth) throws -> [String: String] {
        let missing = names.filter { values[$0] == nil }.sorted()
        guard missing.isEmpty else {
            throw JobRunnerError(
                code: .missing,
                message: "no secret was given for \(missing.joined(separator: ", ")): run again "
                    + "with '--secret \(missing[0])' and the variable set, or '--secret-file FILE'"
            )
        }
        return values.filter { names.contains($0.key) }
    }
}
