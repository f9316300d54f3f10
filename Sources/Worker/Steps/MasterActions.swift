import AsyncHTTPClient
import Core
import Foundation
import Git
import JobRunner
import Logging
import NIOCore
import NIOHTTP1
import Wire

/// The steps that are no commands: they move files between the workspace and the master's store.
///
/// Each may be asked again after a crash: the master knows what it did for this job already. A
/// master that is away is waited for, as long as the job's own time lasts.
struct MasterActions: StepActions {
    let client: MasterClient

    /// Waiting here would hold a slot, for as long as people take.
    let endsAtGates = true

    private static let notesBytesMax = 64 << 10

    func perform(
        _ action: StepAction,
        step: Int,
        in berth: Berth,
        log: StepLog
    ) async throws -> Verdict {
        do {
            switch action {
            case .run, .plugin, .gate:
                return Verdict(.exception, "this is no built-in action of a worker")
            case .download(let job, let artifact, let to):
                return try await download(artifact, of: job, to: to, in: berth, log)
            case .publish(let spec):
                return try await publish(spec, step, in: berth, log)
            case .promote(let unit, let channel):
                let message = StepPromotionMessage(
                    fence: berth.assignment.fence,
                    step: step,
                    unit: unit?.constant,
                    channel: channel.constant
                )
                return try await settle(log) {
                    try await client.post(path(berth, "promotions"), message)
                }
            }
        } catch let error as JobRunnerError {
            // The pipeline names something that is not there, or may not be taken.
            log.line(error.message)
            return Verdict(error.isTheUsers ? .failure : .exception, error.message)
        } catch WorkerError.refused(_, let detail) {
            log.line(detail)
            return Verdict(.failure, detail)
        }
    }

    private func path(_ berth: Berth, _ verb: String) -> String {
        "/worker/v1/attempts/\(berth.assignment.attempt)/\(verb)"
    }

    /// Shows what the master did, or why it did not.
    private func settle(
        _ log: StepLog,
        _ call: () async throws -> StepOutcomeMessage
    ) async throws -> Verdict {
        let outcome = try await patiently(log, call)
        for line in outcome.log { log.line(line) }
        return outcome.isDone ? .success : Verdict(.failure, outcome.log.first)
    }

    /// Tries again while the master is away.
    private func patiently<Answer>(
        _ log: StepLog,
        _ call: () async throws -> Answer
    ) async throws -> Answer {
        try await client.patiently(telling: log.line, call)
    }

    // MARK: Publish

    private func publish(
        _ spec: PublishSpec,
        _ step: Int,
        in berth: Berth,
        _ log: StepLog
    ) async throws -> Verdict {
        let folder = spec.from.constant ?? spec.from.source
        let files = try berth.files.collect(below: folder)
        guard !files.isEmpty else {
            let text = "There is no file below \(folder): nothing to publish."
            log.line(text)
            return Verdict(.failure, text)
        }
        let message = PublicationMessage(
            fence: berth.assignment.fence,
            step: step,
            files: files.map { FileEntry($0) },
            notes: try spec.notes.map { try notes(at: $0, in: berth) },
            unit: spec.unit?.constant,
            version: spec.version?.constant,
            channel: spec.channel?.constant
        )
        return try await settle(log) {
            let sent = try await client.upload(files, below: folder, of: berth)
            if sent > 0 { log.line("Uploaded \(sent) of \(files.count) files.") }
            return try await client.post(path(berth, "publications"), message)
        }
    }

    private func notes(at path: String, in berth: Berth) throws -> String {
        let found = try berth.files.collect(matching: [path])
        guard let file = found.first, found.count == 1 else {
            throw JobRunnerError(code: .missing, message: "notes: \(path) is not one file")
        }
        let bytes = try berth.files.open(file, below: "")
            .read(at: 0, count: min(file.size, Self.notesBytesMax))
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Download

    private func download(
        _ artifact: String,
        of job: String,
        to folder: String,
        in berth: Berth,
        _ log: StepLog
    ) async throws -> Verdict {
        let content: ArtifactContentMessage = try await patiently(log) {
            try await client.get(
                path(berth, "artifacts")
                    + "?job=\(query(job))&name=\(query(artifact))&fence=\(berth.assignment.fence)"
            )
        }
        for file in content.files {
            try await patiently(log) { try await write(file, to: folder, in: berth) }
        }
        log.line("Took \(content.files.count) files of \(artifact) from job \(job) to \(folder).")
        return .success
    }

    private func write(_ file: FileEntry, to folder: String, in berth: Berth) async throws {
        let request = client.request(.GET, "/cs/v1/blobs/sha256:\(file.sha256)")
        let response = try await client.send(request, within: .minutes(30))
        try await client.check(response)
        if file.mode == WorkspaceFile.linkMode {
            let target = try await client.reading { try await response.body.collect(upTo: 4_096) }
            try berth.files.link(
                file.path,
                to: String(decoding: target.readableBytesView, as: UTF8.self),
                below: folder
            )
            return
        }
        let opened = try berth.files.create(
            file.path,
            below: folder,
            isExecutable: file.mode & 0o111 != 0
        )
        var pieces = response.body.makeAsyncIterator()
        while let piece = try await client.reading({ try await pieces.next() }) {
            try opened.write(Array(piece.readableBytesView))
        }
    }

    private func query(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

extension JobRunnerError {
    fileprivate var isTheUsers: Bool {
        switch code {
        case .unsafe, .missing, .tooMuch, .image, .noShell: true
        case .file, .damaged, .rootInUse: false
        }
    }
}

extension FileEntry {
    init(_ file: WorkspaceFile) {
        self.init(path: file.path, sha256: file.sha256, size: file.size, mode: file.mode)
    }
}
