import Core
import JobRunner
import Wire

/// Asks the master for a job's secrets, each time a process takes the job up; they are nowhere but
/// in memory.
struct MasterSecrets: SecretSource {
    let client: MasterClient

    func secrets(_ names: Set<String>, for berth: Berth) async throws -> [String: String] {
        try await secrets(
            names,
            for: AttemptReference(
                attempt: berth.assignment.attempt,
                fence: berth.assignment.fence
            ),
            within: berth.assignment.spec.timeout
        )
    }

    /// Waits for a master that is away, but no longer than the job may take.
    func secrets(
        _ names: Set<String>,
        for attempt: AttemptReference,
        within limit: TimeSpan
    ) async throws -> [String: String] {
        let values = try await withThrowingTaskGroup(of: [String: String]?.self) { group in
            group.addTask { try await ask(for: names, attempt) }
            group.addTask {
                try await Task.sleep(for: .seconds(limit.seconds))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let values else {
            throw JobRunnerError(
                code: .file,
                message: "the master did not answer for the job's secrets within \(limit)"
            )
        }
        return values
    }

    private func ask(
        for names: Set<String>,
        _ attempt: AttemptReference
    ) async throws -> [String: String] {
        let message = SecretsMessage(fence: attempt.fence, names: names.sorted())
        let answer: SecretsAnswer
        do {
            answer = try await client.patiently {
                try await client.post("/worker/v1/attempts/\(attempt.attempt)/secrets", message)
            }
        } catch WorkerError.refused(status: 404, _) {
            throw older(names)
        } catch WorkerError.refused(_, let detail) {
            throw JobRunnerError(code: .missing, message: detail)
        }
        if let refusals = answer.refusals, !refusals.isEmpty {
            throw JobRunnerError(code: .missing, message: refusals.joined(separator: "; "))
        }
        let values = Dictionary(
            answer.secrets.map { ($0.name, $0.value.revealed) },
            uniquingKeysWith: { first, _ in first }
        )
        if let missing = names.sorted().first(where: { values[$0] == nil }) {
            throw JobRunnerError(code: .missing, message: "the master gave no secret \(missing)")
        }
        return values
    }

    /// A master of a version before it kept secrets.
    private func older(_ names: Set<String>) -> JobRunnerError {
        JobRunnerError(
            code: .missing,
            message: "the server keeps no secret \(names.sorted().joined(separator: ", ")): "
                + "its version has secrets only in 'slipway run --secret NAME'; install this one"
        )
    }
}
