/// Body of `POST /worker/v1/attempts/{id}/publications`: a publish step, its blobs uploaded.
package struct PublicationMessage: Codable, Sendable {
    package var fence: Int
    package var step: Int
    package var files: [FileEntry]
    package var notes: String?
    /// What the step's `unit` came to, where only its worker could know; nil: as planned.
    package var unit: String?
    /// The same of `version`.
    package var version: String?
    /// The same of `channel`.
    package var channel: String?

    package init(
        fence: Int,
        step: Int,
        files: [FileEntry],
        notes: String?,
        unit: String? = nil,
        version: String? = nil,
        channel: String? = nil
    ) {
        self.fence = fence
        self.step = step
        self.files = files
        self.notes = notes
        self.unit = unit
        self.version = version
        self.channel = channel
    }
}

/// Body of `POST /worker/v1/attempts/{id}/promotions`: a promote step.
package struct StepPromotionMessage: Codable, Sendable {
    package var fence: Int
    package var step: Int
    /// What the step's `unit` came to, where only its worker could know; nil: as planned.
    package var unit: String?
    /// The same of `to`.
    package var channel: String?

    package init(fence: Int, step: Int, unit: String? = nil, channel: String? = nil) {
        self.fence = fence
        self.step = step
        self.unit = unit
        self.channel = channel
    }
}

/// What a publish or promote step did.
package struct StepOutcomeMessage: Codable, Sendable {
    /// Lines for the step's log.
    package var log: [String]
    package var isDone: Bool

    package init(log: [String], isDone: Bool) {
        self.log = log
        self.isDone = isDone
    }
}

/// Answer of `GET /worker/v1/attempts/{id}/artifacts?job=&name=&fence=`: what a download step
/// takes.
package struct ArtifactContentMessage: Codable, Sendable {
    package var files: [FileEntry]

    package init(files: [FileEntry]) {
        self.files = files
    }
}

/// Body of `POST /cs/v1/blobs:missing`.
package struct MissingBlobsMessage: Codable, Sendable {
    /// Lower-case hexadecimal SHA-256; at most 10,000.
    package var digests: [String]

    package init(digests: [String]) {
        self.digests = digests
    }
}

/// Answer of `POST /cs/v1/blobs:missing`.
package struct MissingBlobsAnswer: Codable, Sendable {
    package var missing: [String]

    package init(missing: [String]) {
        self.missing = missing
    }
}
