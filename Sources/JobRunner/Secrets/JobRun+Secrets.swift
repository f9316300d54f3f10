import Core
import Glibc

extension JobRun {
    /// Asks for the secrets of the job; what comes of it stays with the berth, in memory.
    func learnSecrets() async throws {
        let names = spec.secretNames
        do {
            let values = names.isEmpty ? [:] : try await secrets.secrets(names, for: berth)
            berth.learn(.success(try SecretValues(values)))
        } catch {
            try Task.checkCancellation()
            berth.learn(
                .failure(
                    error as? JobRunnerError
                        ?? JobRunnerError(code: .file, message: "no secrets: \(error)")
                )
            )
        }
    }

    /// Says in the setup's log what people should know of the job's secrets.
    func tellSecrets(_ log: StepLog) throws {
        for name in try berth.secrets().unhidden {
            log.line("The secret \(name) is too short to be hidden in logs.")
        }
    }

    /// Gives a step's shell its secrets through a FIFO, so that they are on no disk, in no argv
    /// and in nothing the engine shows.
    ///
    /// True once they are given; the FIFO is gone then. Nobody may read yet: it is asked again.
    func give(secretsTo step: StepSpec, _ index: Int) throws -> Bool {
        let path = berth.folder.secretFIFO(index)
        if step.secrets.isEmpty || access(path, F_OK) != 0 { return true }
        let script = try berth.secrets().script(for: step, index)
        let end: Descriptor
        do throws(JobRunnerError) {
            end = try Descriptor.open(path, O_WRONLY)
        } catch {
            // ENXIO: the shell has not opened it yet.
            return false
        }
        guard try end.status().kind == .fifo else {
            throw JobRunnerError(
                code: .damaged,
                message: "a step replaced the FIFO in /run/ci through which secrets are given"
            )
        }
        unlink(path)
        try end.write(script)
        return true
    }

    /// Waits for the shell, which asks as soon as it runs; whoever comes later is served by
    /// ``give(secretsTo:_:)`` with the next look.
    func giveSoon(secretsTo step: StepSpec, _ index: Int) async throws -> Bool {
        for _ in 0..<Self.secretTries {
            if try give(secretsTo: step, index) { return true }
            try await Task.sleep(for: .milliseconds(4))
        }
        return false
    }

    private static var secretTries: Int { 250 }
}
