import Core
import Docker
import Glibc

/// Carries the files of one berth to an engine that does not see this machine's, and back.
///
/// Over there they lie in two volumes. A container that is never started keeps both in reach,
/// whatever becomes of those that run steps. Once they were carried over, the workspace's folder
/// here holds only what is about to go there or has just come from there.
struct Ferry: Sendable {
    let folder: BerthFolder
    let engine: DockerEngine
    let instance: String

    /// Seconds that one crossing may take.
    static let crossingMax = Duration.seconds(600)

    /// Whether the berth's files are on the other side.
    var isUsed: Bool { get throws { try folder.ferryNote() != nil } }

    /// What containers mount where the files are not shared.
    var workspaceVolume: Mount { .volume(name: volume("workspace"), target: "/workspace") }
    var spoolVolume: Mount { .volume(name: volume("spool"), target: StepLoop.spool) }

    private func volume(_ what: String) -> String { "slipway-\(folder.id)-\(what)" }

    private var labels: [String: String] {
        [
            JobRunnerLabel.instance: instance,
            JobRunnerLabel.berth: folder.id,
            JobRunnerLabel.container: folder.ferryName,
        ]
    }

    /// Makes the volumes and what keeps them in reach, of any image that is there.
    func open(with image: ReadyImage) async throws {
        if try isUsed { return }
        await remove()
        for what in ["workspace", "spool"] {
            try await engine.createVolume(volume(what), labels: labels)
        }
        _ = try await engine.create(
            ContainerSpec(
                name: folder.ferryName,
                image: try ImageReference(image.reference),
                entrypoint: "/never-started",
                labels: labels,
                mounts: [workspaceVolume, spoolVolume],
                network: .none
            )
        )
        try folder.keep(FerryNote(isLoaded: false))
    }

    /// Carries everything over that the setup has brought, once.
    func load() async throws {
        guard let note = try folder.ferryNote(), !note.isLoaded else { return }
        try await push()
        let context = "\(folder.spool)/context.json"
        if access(context, F_OK) == 0 { try await place(context, as: "context.json") }
        try folder.keep(FerryNote(isLoaded: true))
        try TreeRemoval.empty(folder.workspace)
    }

    /// Carries what is in the workspace's folder over what is there.
    func push() async throws {
        guard try isUsed else { return }
        // Into the root and not into the workspace: of links that lead out of the place where it
        // unpacks, the engine wants to know nothing.
        try await engine.copy(
            from: folder.workspace,
            to: "/",
            of: folder.ferryName,
            within: Self.crossingMax
        )
    }

    /// Puts a file or FIFO of ours into the spool there.
    func place(_ path: String, as name: String) async throws {
        let target = "\(StepLoop.spool)/\(name)"
        try await engine.copy(from: path, to: target, of: folder.ferryName)
    }

    /// Brings what paths or patterns of the workspace name, in the place of all that was here.
    ///
    /// What is not there is no error: whoever looks for it sees that it is missing.
    func fetch(_ patterns: [String]) async throws {
        guard try folder.ferryNote()?.isLoaded == true else { return }
        try TreeRemoval.empty(folder.workspace)
        let cargo = try Cargo(patterns)
        let workspace = WorkspaceFiles(root: folder.workspace)
        let limits = workspace.limits
        for place in cargo.places {
            let unpacking = Unpacking(cargo, from: place, into: workspace)
            let path = (["/workspace"] + (place.isEmpty ? ["."] : place)).joined(separator: "/")
            do {
                try await engine.archive(
                    path,
                    of: folder.ferryName,
                    bytesMax: limits.bytes,
                    within: Self.crossingMax
                ) { try await unpacking.take($0) }
            } catch let error as DockerError where error.code == .notFound {
                continue
            } catch let error as DockerError where error.code == .outputTooLong {
                throw JobRunnerError(
                    code: .tooMuch,
                    message: "\(printable(place.joined(separator: "/"))) of the workspace holds "
                        + "more than \(limits.bytes) bytes; name fewer paths"
                )
            }
        }
    }

    /// Hands on a file of the spool there; false where there is none.
    func read(
        _ name: String,
        bytesMax: Int,
        to sink: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Bool {
        let content = FileContent(sink)
        do {
            try await engine.archive(
                "\(StepLoop.spool)/\(name)",
                of: folder.ferryName,
                // What a step made of its files is its own affair, but no reason to take it all.
                bytesMax: bytesMax + (1 << 20),
                within: Self.crossingMax
            ) { try await content.take($0) }
            return true
        } catch let error as DockerError where error.code == .notFound {
            return false
        } catch let error as DockerError where error.code == .outputTooLong {
            return true
        }
    }

    /// Removes everything over there; what the engine refuses is reconciled later.
    func remove() async {
        try? await engine.remove(folder.ferryName)
        for what in ["workspace", "spool"] {
            try? await engine.removeVolume(volume(what))
        }
        folder.forgetFerry()
    }
}

/// That a berth's files are on the other side, as its folder keeps it.
struct FerryNote: Equatable, Sendable, Codable {
    /// Whether the setup's files have been carried over.
    var isLoaded: Bool
}
