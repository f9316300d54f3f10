import Core
import Crypto

/// What values may be put into a step when it begins.
extension JobRun {
    /// The variables as earlier steps have left them, and the digests that the step asks for.
    func names(for step: StepSpec, _ index: Int) throws -> Names {
        var names = names(after: try notes(before: index))
        names.hashes = try hashes(step.hashes)
        return names
    }

    func names(after earlier: [StepNote]) -> Names {
        let known = spec.variables.compactMapValues { template in
            try? template.text(with: Names(hashes: hashes(template.hashes)))
        }
        return Names(variables: known.merging(set(by: earlier)) { $1 })
    }

    /// The variables that earlier steps have set, those of earlier attempts below them.
    func set(by earlier: [StepNote]) -> [String: String] {
        earlier.compactMap(\.told?.environment)
            .reduce(into: spec.earlier?.variables ?? [:]) { $0.merge($1) { $1 } }
    }

    func notes(before index: Int) throws -> [StepNote] {
        try (0..<index).compactMap { try berth.folder.note(of: $0) }
    }

    /// The answers of `hash()`, by the patterns of each call.
    func hashes(_ calls: [[String]]) throws -> [[String]: String] {
        var answers: [[String]: String] = [:]
        for call in calls where answers[call] == nil { answers[call] = try hash(call) }
        return answers
    }

    /// A digest of the names and bytes of all files that patterns match; empty when none do.
    private func hash(_ patterns: [String]) throws -> String {
        var found: [String: WorkspaceFile] = [:]
        for pattern in patterns {
            do {
                for file in try berth.files.collect(matching: [pattern]) { found[file.path] = file }
            } catch let error as JobRunnerError where error.code == .missing {
                continue
            }
        }
        guard !found.isEmpty else { return "" }
        var hash = SHA256()
        for (path, file) in found.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array("\(file.sha256) \(path)\0".utf8))
        }
        return hexadecimal(hash.finalize())
    }
}
