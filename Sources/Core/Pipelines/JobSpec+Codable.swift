/// Keys that came later are left out where they say nothing, so that an older reader of the
/// document sees what it knows, and a newer one takes an old document as it was meant.
extension JobSpec: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, key, matrix, failFast, needs, optionalNeeds, condition, labels, resources
        case onLost, services, caches, checkout, timeout, idleTimeout, allowFailure, channel
        case variables, steps, reports, artifacts, origin, earlier
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let name = try values.decode(String.self, forKey: .name)
        self.init(
            name: name,
            key: try values.decode(.key, or: name),
            matrix: try values.decode(.matrix, or: [:]),
            failFast: try values.decode(.failFast, or: nil),
            needs: try values.decode([String].self, forKey: .needs),
            optionalNeeds: try values.decode(.optionalNeeds, or: []),
            condition: try values.decode(Condition.self, forKey: .condition),
            labels: try values.decode([String].self, forKey: .labels),
            resources: try values.decode(.resources, or: Resources()),
            onLost: try values.decode(.onLost, or: .retry),
            services: try values.decode(.services, or: []),
            caches: try values.decode(.caches, or: []),
            checkout: try values.decode(.checkout, or: .standard),
            timeout: try values.decode(TimeSpan.self, forKey: .timeout),
            idleTimeout: try values.decode(.idleTimeout, or: nil),
            allowFailure: try values.decode(Bool.self, forKey: .allowFailure),
            channel: try values.decode(.channel, or: nil),
            variables: try values.decode(.variables, or: [:]),
            steps: try values.decode([StepSpec].self, forKey: .steps),
            reports: try values.decode(.reports, or: []),
            artifacts: try values.decode([ArtifactSpec].self, forKey: .artifacts),
            origin: try values.decode(.origin, or: nil),
            earlier: try values.decode(.earlier, or: nil)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(key, .key, unless: name)
        try values.encode(matrix, .matrix, unless: [:])
        try values.encodeIfPresent(failFast, forKey: .failFast)
        try values.encode(needs, forKey: .needs)
        try values.encode(optionalNeeds, .optionalNeeds, unless: [])
        try values.encode(condition, forKey: .condition)
        try values.encode(labels, forKey: .labels)
        try values.encode(resources, .resources, unless: Resources())
        try values.encode(onLost, .onLost, unless: .retry)
        try values.encode(services, .services, unless: [])
        try values.encode(caches, .caches, unless: [])
        try values.encode(checkout, .checkout, unless: .standard)
        try values.encode(timeout, forKey: .timeout)
        try values.encodeIfPresent(idleTimeout, forKey: .idleTimeout)
        try values.encode(allowFailure, forKey: .allowFailure)
        try values.encodeIfPresent(channel, forKey: .channel)
        try values.encode(variables, .variables, unless: [:])
        try values.encode(steps, forKey: .steps)
        try values.encode(reports, .reports, unless: [])
        try values.encode(artifacts, forKey: .artifacts)
        try values.encodeIfPresent(origin, forKey: .origin)
        try values.encodeIfPresent(earlier, forKey: .earlier)
    }
}

extension KeyedDecodingContainer {
    /// A value whose key may be absent.
    func decode<Value: Decodable>(_ key: Key, or standard: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? standard
    }
}

extension KeyedEncodingContainer {
    /// Leaves the key out where the value is what an absent key means.
    mutating func encode<Value: Encodable & Equatable>(
        _ value: Value,
        _ key: Key,
        unless standard: Value
    ) throws {
        if value != standard { try encode(value, forKey: key) }
    }
}
