package import Core

/// Body of `POST /worker/v1/attempts/{id}/secrets`: what the steps of a job ask for, all at once.
package struct SecretsMessage: Codable, Sendable {
    package var fence: Int
    package var names: [String]

    package init(fence: Int, names: [String]) {
        self.fence = fence
        self.names = names
    }
}

/// Answer of the same: every secret that was asked for, or why there is none.
package struct SecretsAnswer: Codable, Sendable {
    package var secrets: [NamedSecret]
    /// Sentences without their full stop, for the job's log; nil: nothing was refused.
    package var refusals: [String]?

    package init(secrets: [NamedSecret] = [], refusals: [String]? = nil) {
        self.secrets = secrets
        self.refusals = refusals
    }
}

/// A secret on its way to the job that may have it.
package struct NamedSecret: Codable, Sendable {
    package var name: String
    package var value: SecretValue

    package init(name: String, value: SecretValue) {
        self.name = name
        self.value = value
    }
}
