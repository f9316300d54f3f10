import Foundation
import JobRunner

extension Examination {
    /// Whether an engine answers, and whether it sees the files of this machine.
    func engine() async -> Finding {
        let program = Program("docker", "version", "--format", "{{.Server.Version}}")
        switch await program.outcome() {
        case .success(let version):
            return Finding(
                subject: "docker",
                isProblem: false,
                observation: "engine \(version) answers\(await sight())"
            )
        case .failure(let error):
            return Finding(
                subject: "docker",
                isProblem: true,
                observation: error.message,
                remedy: "workers need a Docker engine: install one, or start it, "
                    + "and let this user reach its socket (group 'docker')"
            )
        }
    }

    private func sight() async -> String {
        let folder = Self.existing(folders.data)
        switch try? await EngineSight.of(folder) {
        case .shared: return " and sees this machine's files"
        case .apart:
            return ", but does not see this machine's files: workspaces are copied there and back"
        case .unknown, nil: return ""
        }
    }
}
