import Core
import Docker

/// Makes sure that images are here: already so, pulled, or built from the commit.
struct ImageShelf: Sendable {
    let engine: DockerEngine
    /// Waits between attempts to reach a registry.
    let pullPauses: [Duration]
    /// Two jobs that need the same image fetch or build it once.
    private let turns = Turnstile<String>()

    init(engine: DockerEngine, pullPauses: [Duration]) {
        self.engine = engine
        self.pullPauses = pullPauses
    }

    /// Finds, pulls or builds an image; what happens is told to the log.
    func ready(_ source: ImageSource, in workspace: String, log: StepLog) async throws -> ReadyImage
    {
        switch source {
        case .reference(let text):
            let reference = try ImageReference(text)
            return try await turns.alone(with: text) {
                let id = try await pulled(reference, log)
                return ReadyImage(source: source, reference: text, id: id)
            }
        case .folder(let name):
            let folder = try ImageFolder(name, in: workspace)
            let reference = try ImageReference(folder.tag)
            return try await turns.alone(with: folder.tag) {
                let id = try await built(folder, reference, log)
                return ReadyImage(source: source, reference: folder.tag, id: id)
            }
        }
    }

    /// The words that start the program an image is for; none when it names no program.
    func program(of image: ReadyImage) async throws -> [String] {
        try await engine.program(of: try ImageReference(image.reference))
    }

    private func pulled(_ image: ImageReference, _ log: StepLog) async throws -> String {
        if let id = try await engine.imageID(image) {
            log.line("Image \(image) is here (\(short(id))).")
            return id
        }
        var pauses = pullPauses[...]
        while true {
            log.line("Image \(image) is not here; pulling it.")
            do {
                try await engine.pull(image) { log.write($0) }
                guard let id = try await engine.imageID(image) else { throw gone(image) }
                log.line("Image \(image) was pulled (\(short(id))).")
                return id
            } catch let error as DockerError where error.code == .registryUnavailable {
                guard let pause = pauses.popFirst() else {
                    throw DockerError(
                        code: error.code,
                        message: "The image \(image) is not on this machine and its registry "
                            + "cannot be reached",
                        excerpt: error.excerpt
                    )
                }
                // Many workers that failed together must not come back together.
                let wait = pause * Double.random(in: 0.5...1.5)
                log.line("The registry cannot be reached; trying again in \(seconds(wait)) s.")
                try await Task.sleep(for: wait)
            } catch let error as DockerError where error.code == .imageNotFound {
                throw DockerError(
                    code: error.code,
                    message: "The image \(image) does not exist, or this worker may not read it",
                    excerpt: error.excerpt
                )
            }
        }
    }

    private func built(
        _ folder: ImageFolder,
        _ image: ImageReference,
        _ log: StepLog
    ) async throws -> String {
        if let id = try await engine.imageID(image) {
            log.line("Image containers/\(folder.name) is built already (\(image)).")
            return id
        }
        log.line("Building image containers/\(folder.name) as \(image).")
        do {
            try await engine.build(folder.path, tag: image) { log.write($0) }
        } catch let error as DockerError where error.code == .other {
            throw JobRunnerError(
                code: .image,
                message: "containers/\(folder.name) cannot be built: \(error.excerpt)"
            )
        }
        guard let id = try await engine.imageID(image) else { throw gone(image) }
        log.line("Image containers/\(folder.name) was built (\(short(id))).")
        return id
    }

    private func gone(_ image: ImageReference) -> DockerError {
        DockerError(
            code: .other,
            message: "The image \(image) vanished at once; is something else removing images?"
        )
    }

    private func short(_ id: String) -> String {
        String(
            decoding: id.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst().prefix(12),
            as: UTF8.self
        )
    }

    private func seconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) + 1
    }
}
