/// When a step that did not succeed is run again in the same attempt.
package struct RetryRule: Hashable, Sendable, Codable {
    /// Tries after the first.
    package var max: Int
    package var causes: [RetryCause]

    package init(max: Int, causes: [RetryCause] = RetryRule.causesDefault) {
        self.max = max
        self.causes = causes
    }

    /// What a rule without `on` retries.
    package static let causesDefault: [RetryCause] = [.failure, .exception, .timeout]
    package static let maxMax = 10
}

/// Why a step may be run again.
package enum RetryCause: Hashable, Sendable {
    /// Any exit code but 0 that has no other meaning.
    case failure
    /// Our machinery.
    case exception
    case timeout
    /// This exit code.
    case code(Int)

    /// Reads a word or a number of `on`; nil where it is neither.
    package init?(written text: String) {
        switch text {
        case "failure": self = .failure
        case "exception": self = .exception
        case "timeout": self = .timeout
        case _:
            guard let code = Int(text), ExitMeaning.codes.contains(code) else { return nil }
            self = .code(code)
        }
    }

    private var written: String {
        switch self {
        case .failure: "failure"
        case .exception: "exception"
        case .timeout: "timeout"
        case .code(let code): String(code)
        }
    }
}

extension RetryCause: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let cause = RetryCause(written: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "not a cause of a retry"
            )
        }
        self = cause
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(written)
    }
}

/// What an exit code means that is neither success nor failure by itself: `exit_codes`.
package enum ExitMeaning: String, Sendable, Codable, CaseIterable {
    case success
    case warnings
    case skipped
    case failure
    case exception

    /// What a process may end with.
    package static let codes = 0...255
}

/// Something that only so many steps may hold at once.
package struct LockSpec: Hashable, Sendable, Codable {
    package var name: String
    /// How many of it the step takes; 1 for an exclusive lock.
    package var count: Int
    package var mode: LockMode
    package var scope: LockScope

    package init(
        name: String,
        count: Int = 1,
        mode: LockMode = .exclusive,
        scope: LockScope = .master
    ) {
        self.name = name
        self.count = count
        self.mode = mode
        self.scope = scope
    }
}

/// Whether a lock has one holder or several.
package enum LockMode: String, Sendable, Codable, CaseIterable {
    case exclusive
    case counting
}

/// Among whom a lock is one.
package enum LockScope: String, Sendable, Codable, CaseIterable {
    case master
    case worker
}

/// A secret that a step asks for, and how it wants it.
package struct SecretRequest: Hashable, Sendable, Codable {
    /// The variable that holds the secret, or the path of its file.
    package var variable: String
    /// The secret's name on the server.
    package var from: String
    package var form: SecretForm

    package init(variable: String, from: String, form: SecretForm = .env) {
        self.variable = variable
        self.from = from
        self.form = form
    }
}

/// How a step gets a secret.
package enum SecretForm: String, Sendable, Codable, CaseIterable {
    case env
    case file
}
