extension DockerEngine {
    /// Bytes of progress a pull or build may write.
    package static let progressMax = 64 << 20

    /// The content id of an image that is here; nil when it is not.
    package func imageID(_ image: ImageReference) async throws -> String? {
        do {
            return try await capture(
                "image",
                ["inspect", "--format", "{{.Id}}", "--", image.text],
                within: .seconds(30)
            )
        } catch let error as DockerError where error.code == .imageNotFound {
            return nil
        }
    }

    /// Some image that is here, by its content; nil when none is.
    package func anyImage() async throws -> ImageReference? {
        let listed = try await capture(
            "image",
            ["ls", "--no-trunc", "--quiet"],
            within: .seconds(30)
        )
        return try listed.split(separator: "\n").first.map { id in
            // The bare digits: what stands before them would make it a name with a tag.
            try ImageReference(String(id.split(separator: ":").last ?? ""))
        }
    }

    /// The words that start what an image is for: its entrypoint and what goes with it.
    package func program(of image: ImageReference) async throws -> [String] {
        let format = "{{json .Config.Entrypoint}}\t{{json .Config.Cmd}}"
        let line = try await capture(
            "image",
            ["inspect", "--format", format, "--", image.text],
            within: .seconds(30)
        )
        let fields = line.split(separator: "\t")
        guard fields.count == 2 else { throw unreadable("image", line) }
        return try fields.flatMap { field in
            try decode([String]?.self, from: String(field), of: "image") ?? []
        }
    }

    /// Fetches an image from its registry, once; what docker says goes to `sink` as it comes.
    package func pull(
        _ image: ImageReference,
        within deadline: Duration = .seconds(900),
        to sink: @escaping @Sendable ([UInt8]) -> Void
    ) async throws {
        try await stream(
            "pull",
            ["--", image.text],
            within: deadline,
            outputMax: Self.progressMax,
            to: sink
        )
    }

    /// Builds the Dockerfile of a folder; base images that are here are not looked for elsewhere.
    ///
    /// All of the folder, an absolute path, is sent to the engine. What docker says goes to
    /// `sink` as it comes.
    package func build(
        _ folder: String,
        tag: ImageReference,
        labels: [String: String] = [:],
        within deadline: Duration = .seconds(1_800),
        to sink: @escaping @Sendable ([UInt8]) -> Void
    ) async throws {
        var arguments = ["--force-rm", "--tag=\(tag.text)"]
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            let value = try Argument.text(value, "label value")
            arguments.append("--label=\(try Argument.labelKey(key))=\(value)")
        }
        arguments += ["--", try Argument.path(folder, "folder")]
        try await stream(
            "build",
            arguments,
            within: deadline,
            outputMax: Self.progressMax,
            to: sink
        )
    }

    /// Gives an image that is here a second name.
    package func tag(_ image: ImageReference, as name: ImageReference) async throws {
        _ = try await capture("tag", ["--", image.text, name.text], within: .seconds(30))
    }

    /// Takes a name, and with the last one the image itself, away; it may be gone already.
    package func removeImage(_ image: ImageReference) async throws {
        do {
            _ = try await capture("image", ["rm", "--", image.text], within: .seconds(60))
        } catch let error as DockerError where error.code == .imageNotFound {
            return
        }
    }
}
