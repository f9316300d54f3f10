/// Later keys are left out where they say nothing, as in a ``JobSpec``.
extension StepSpec: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, action, condition, skipReason, timeout, idleTimeout, allowFailure, retry,
            exitCodes, locks
        case secrets, image, openImage, shell, environment
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            action: try values.decode(StepAction.self, forKey: .action),
            condition: try values.decode(Condition.self, forKey: .condition),
            skipReason: try values.decode(.skipReason, or: nil),
            timeout: try values.decode(.timeout, or: nil),
            idleTimeout: try values.decode(.idleTimeout, or: nil),
            allowFailure: try values.decode(Bool.self, forKey: .allowFailure),
            retry: try values.decode(.retry, or: nil),
            exitCodes: try values.decode(.exitCodes, or: [:]),
            locks: try values.decode(.locks, or: []),
            secrets: try values.decode(.secrets, or: []),
            image: try values.decode(.image, or: nil),
            openImage: try values.decode(.openImage, or: nil),
            shell: try values.decode(.shell, or: nil),
            environment: try values.decode([String: Template].self, forKey: .environment)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(action, forKey: .action)
        try values.encode(condition, forKey: .condition)
        try values.encodeIfPresent(skipReason, forKey: .skipReason)
        try values.encodeIfPresent(timeout, forKey: .timeout)
        try values.encodeIfPresent(idleTimeout, forKey: .idleTimeout)
        try values.encode(allowFailure, forKey: .allowFailure)
        try values.encodeIfPresent(retry, forKey: .retry)
        try values.encode(exitCodes, .exitCodes, unless: [:])
        try values.encode(locks, .locks, unless: [])
        try values.encode(secrets, .secrets, unless: [])
        try values.encodeIfPresent(image, forKey: .image)
        try values.encodeIfPresent(openImage, forKey: .openImage)
        try values.encodeIfPresent(shell, forKey: .shell)
        try values.encode(environment, forKey: .environment)
    }
}
