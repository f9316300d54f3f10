import Glibc

/// One thing that can be shown to an SSH server; they are shown in turn until one is accepted.
enum SSHProof: Equatable {
    /// Whatever the agent of this process holds.
    case agent
    case key(path: String, passphrase: String?)

    /// The key that was given; else the agent and the user's own keys, as `ssh` itself does.
    static func all(for credentials: FetchCredentials) -> [SSHProof] {
        if let key = credentials.key { return [.key(path: key.path, passphrase: key.passphrase)] }
        let agent: [SSHProof] = getenv("SSH_AUTH_SOCK") == nil ? [] : [.agent]
        return agent + ownKeys.map { .key(path: $0, passphrase: nil) }
    }

    /// What to do when none was accepted.
    static func advice(for credentials: FetchCredentials) -> String {
        if let key = credentials.key { return "let \(key.path) into the repository" }
        guard let key = ownKeys.first else {
            return "the user that runs Slipway has neither an SSH agent nor a key in ~/.ssh"
        }
        return "let \(key).pub into the repository; a key with a passphrase needs an SSH agent"
    }

    /// Newest kind first; RSA last, because libssh2 before 1.11 signs with SHA-1 only.
    private static var ownKeys: [String] {
        guard let home = getenv("HOME").map({ String(cString: $0) }) else { return [] }
        return ["id_ed25519", "id_ecdsa", "id_rsa"].map { "\(home)/.ssh/\($0)" }
            .filter { access($0, R_OK) == 0 }
    }
}
