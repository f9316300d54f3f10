package import Core

/// A job for a worker: everything it needs to run it.
package struct JobOrder: Sendable, Equatable {
    package var attempt: Int64
    package var fence: Int
    package var job: Int64
    package var build: Int64
    package var repository: String
    package var ref: String
    package var sha: String
    /// The `CI_*` variables every step gets, and `SOURCE_DATE_EPOCH`.
    package var environment: [String: String]
    /// What its steps read from `$CI_CONTEXT`; an older master does not say.
    package var about: JobContext?
    package var spec: JobSpec
    /// The job as the text that is stored; nil: it travels field by field, as protocol 1 has it.
    package var document: String?

    package init(
        attempt: Int64,
        fence: Int,
        job: Int64,
        build: Int64,
        repository: String,
        ref: String,
        sha: String,
        environment: [String: String],
        about: JobContext? = nil,
        spec: JobSpec,
        document: String? = nil
    ) {
        self.attempt = attempt
        self.fence = fence
        self.job = job
        self.build = build
        self.repository = repository
        self.ref = ref
        self.sha = sha
        self.environment = environment
        self.about = about
        self.spec = spec
        self.document = document
    }
}

/// All builds of a commit have the same documents: an ``OrderReader`` mostly has read them before.
extension JobOrder: Codable {
    private enum CodingKeys: String, CodingKey {
        case attempt, fence, job, build, repository, ref, sha, environment, about, spec, document
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        attempt = try values.decode(Int64.self, forKey: .attempt)
        fence = try values.decode(Int.self, forKey: .fence)
        job = try values.decode(Int64.self, forKey: .job)
        build = try values.decode(Int64.self, forKey: .build)
        repository = try values.decode(String.self, forKey: .repository)
        ref = try values.decode(String.self, forKey: .ref)
        sha = try values.decode(String.self, forKey: .sha)
        environment = try values.decode([String: String].self, forKey: .environment)
        about = try values.decodeIfPresent(JobContext.self, forKey: .about)
        document = try values.decodeIfPresent(String.self, forKey: .document)
        spec =
            if let document {
                try OrderReader.of(decoder).spec(in: document)
            } else {
                try values.decode(JobSpec.self, forKey: .spec)
            }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(attempt, forKey: .attempt)
        try values.encode(fence, forKey: .fence)
        try values.encode(job, forKey: .job)
        try values.encode(build, forKey: .build)
        try values.encode(repository, forKey: .repository)
        try values.encode(ref, forKey: .ref)
        try values.encode(sha, forKey: .sha)
        try values.encode(environment, forKey: .environment)
        try values.encodeIfPresent(about, forKey: .about)
        if let document {
            try values.encode(document, forKey: .document)
        } else {
            try values.encode(spec, forKey: .spec)
        }
    }
}
