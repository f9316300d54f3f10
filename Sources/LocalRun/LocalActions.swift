import Core
import Foundation
import JobRunner

/// What the steps that are no commands do where there is no server.
struct LocalActions: StepActions {
    let endsAtGates = true
    let shelf: ArtifactShelf

    func perform(
        _ action: StepAction,
        step: Int,
        in berth: Berth,
        log: StepLog
    ) async throws -> Verdict {
        switch action {
        case .run, .plugin, .gate:
            return Verdict(.exception, "this step is no built-in action")
        case .download(let job, let artifact, let to):
            return try download(artifact, of: job, to: to, in: berth, log)
        case .publish(let spec):
            return try publish(spec, in: berth, log)
        case .promote(let unit, let channel):
            let what = unit.map { "\($0) " } ?? ""
            log.line("On a server this moves the channel \(what)\(channel); here nothing moves.")
            return .success
        }
    }

    private func download(
        _ artifact: String,
        of job: String,
        to folder: String,
        in berth: Berth,
        _ log: StepLog
    ) throws -> Verdict {
        guard let items = shelf.items(of: artifact, from: job) else {
            let text = "job \(job) has kept no artifact \(artifact)"
            log.line(text)
            return Verdict(.failure, text)
        }
        for item in items { try put(item, into: folder, of: berth) }
        log.line("Took \(items.count) files of \(artifact) from job \(job) to \(folder).")
        return .success
    }

    private func put(_ item: ArtifactShelf.Item, into folder: String, of berth: Berth) throws {
        if let target = item.file.linkTarget {
            return try berth.files.link(item.file.path, to: target, below: folder)
        }
        guard let path = item.path, let source = FileHandle(forReadingAtPath: path) else {
            throw LocalRunError("\(item.file.path) of an artifact is gone")
        }
        defer { try? source.close() }
        let target = try berth.files.create(
            item.file.path,
            below: folder,
            isExecutable: item.file.mode & 0o111 != 0
        )
        while let piece = try source.read(upToCount: 1 << 20), !piece.isEmpty {
            try target.write(Array(piece))
        }
    }

    private func publish(
        _ spec: PublishSpec,
        in berth: Berth,
        _ log: StepLog
    ) throws -> Verdict {
        let folder = spec.from.constant ?? spec.from.source
        let files = try berth.files.collect(below: folder)
        guard !files.isEmpty else {
            let text = "There is no file below \(folder): nothing to publish."
            log.line(text)
            return Verdict(.failure, text)
        }
        let bytes = files.reduce(0) { $0 + $1.size }
        log.line("On a server this publishes \(files.count) files, \(bytes) bytes:")
        for file in files.prefix(20) { log.line("  \(file.path)") }
        if files.count > 20 { log.line("  and \(files.count - 20) more") }
        return .success
    }
}
