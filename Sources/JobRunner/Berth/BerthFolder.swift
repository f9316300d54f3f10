import Core
import Foundation
import Glibc

/// The folder of one berth, and what is written down in it.
///
/// `workspace` and `spool` are open to containers and never trusted. `state` and `logs` are ours
/// alone: every decision can be made again from `job.json` and `state`.
struct BerthFolder: Sendable {
    let path: String

    /// The folder's own name, which is also the value of the label on its containers.
    var id: String {
        String(decoding: path.utf8.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
    }

    var workspace: String { "\(path)/workspace" }
    var spool: String { "\(path)/spool" }
    private var state: String { "\(path)/state" }
    private var logs: String { "\(path)/logs" }

    func containerName(_ ordinal: Int) -> String { "slipway-\(id)-\(ordinal)" }

    /// What keeps the files in reach where the engine does not see ours.
    var ferryName: String { "slipway-\(id)-files" }

    func create() throws(JobRunnerError) {
        try Folder.create(path)
        // The user inside the container is not always the one outside.
        try Folder.create(workspace, mode: 0o755)
        try Folder.create(spool, mode: 0o755)
        try Folder.create(state)
        try Folder.create(logs)
    }

    // MARK: What is written down

    func keep(_ assignment: JobAssignment) throws { try keep(assignment, "\(path)/job.json") }
    func assignment() throws -> JobAssignment? { try read("\(path)/job.json") }

    func keep(_ outcome: JobOutcome) throws { try keep(outcome, "\(state)/outcome.json") }
    func outcome() throws -> JobOutcome? { try read("\(state)/outcome.json") }

    func keep(_ note: StepNote) throws { try keep(note, "\(state)/\(note.index).json") }
    func note(of step: Int) throws -> StepNote? { try read("\(state)/\(step).json") }

    func keep(_ containers: [ContainerNote]) throws {
        try keep(containers, "\(state)/containers.json")
    }

    func containers() throws -> [ContainerNote] { try read("\(state)/containers.json") ?? [] }

    func keep(_ images: [ReadyImage]) throws { try keep(images, "\(state)/images.json") }
    func images() throws -> [ReadyImage] { try read("\(state)/images.json") ?? [] }

    func keep(_ ferry: FerryNote) throws { try keep(ferry, "\(state)/ferry.json") }
    func ferryNote() throws -> FerryNote? { try read("\(state)/ferry.json") }
    func forgetFerry() { unlink("\(state)/ferry.json") }

    func keepCancelled() throws { try Folder.write([], to: "\(state)/cancelled") }
    func isCancelled() throws -> Bool { try Folder.read("\(state)/cancelled") != nil }

    private func keep(_ value: some Encodable, _ path: String) throws {
        try Folder.write(Array(try JSONEncoder().encode(value)), to: path)
    }

    private func read<Value: Decodable>(_ path: String) throws -> Value? {
        guard let bytes = try Folder.read(path) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch {
            throw JobRunnerError(code: .damaged, message: "\(path) cannot be read: \(error)")
        }
    }

    /// Writes the variables of a container for the engine to read, and gives the file's path.
    func keepEnvironment(_ text: String, of what: String) throws -> String {
        let path = "\(state)/\(what).env"
        try Folder.write(Array(text.utf8), to: path)
        return path
    }

    // MARK: Logs and spool

    /// Where a step's log lies: in the spool if a container writes it, else out of its reach.
    func log(of step: Int, kind: StepKind) -> String {
        switch kind {
        case .run: "\(spool)/\(step).out"
        case .setup, .download, .publish, .promote, .gate: "\(logs)/\(step).out"
        }
    }

    /// How a step's shell ended; nil while it has not.
    ///
    /// A file without its closing newline is still being written.
    func exit(of step: Int) throws(JobRunnerError) -> StepExit? {
        let path = "\(spool)/\(step).exit"
        let bytes: [UInt8]
        do throws(JobRunnerError) {
            let file = try Descriptor.open(path, O_RDONLY)
            let status = try file.status()
            guard status.kind == .file, status.links == 1 else { throw tampered(path) }
            bytes = try file.read(at: 0, count: StepExit.lengthMax + 1)
        } catch {
            if error.code == .missing { return nil }
            throw tampered(path)
        }
        guard bytes.count <= StepExit.lengthMax else { throw tampered(path) }
        guard bytes.last == UInt8(ascii: "\n") else { return nil }
        guard let exit = StepExit(bytes) else { throw tampered(path) }
        return exit
    }

    /// Puts in place what the loop needs for a step, and gives the inode of its output.
    func prepare(
        _ step: Int,
        script: String,
        prelude: String,
        hasSecrets: Bool = false
    ) throws(JobRunnerError) -> UInt64 {
        for end in ["claim", "exit", "out", "sh", "run"] + StepFile.allCases.map(\.rawValue) {
            unlink("\(spool)/\(step).\(end)")
        }
        if hasSecrets { try makeSecretFIFO(step) }
        for file in StepFile.allCases {
            _ = try Descriptor.open(
                "\(spool)/\(step).\(file.rawValue)",
                O_WRONLY | O_CREAT | O_EXCL
            )
        }
        for (end, text) in [("run", script), ("sh", prelude)] {
            let file = try Descriptor.open(
                "\(spool)/\(step).\(end)",
                O_WRONLY | O_CREAT | O_EXCL
            )
            try file.write(Array(text.utf8))
        }
        let output = try Descriptor.open("\(spool)/\(step).out", O_WRONLY | O_CREAT | O_EXCL)
        return try output.status().inode
    }

    /// Lets the loop run a step again, whose output goes on behind a line of ours.
    func prepareAgain(
        _ step: Int,
        saying line: String,
        hasSecrets: Bool = false
    ) throws(JobRunnerError) {
        if hasSecrets { try makeSecretFIFO(step) }
        let path = "\(spool)/\(step).out"
        let output = try Descriptor.open(path, O_WRONLY | O_APPEND)
        guard try output.status().kind == .file else { throw tampered(path) }
        try output.write(Array("\(line)\n".utf8))
        unlink("\(spool)/\(step).exit")
        unlink("\(spool)/\(step).claim")
    }

    /// Where a step's shell asks for its secrets.
    func secretFIFO(_ step: Int) -> String { "\(spool)/\(step).secrets" }

    private func makeSecretFIFO(_ step: Int) throws(JobRunnerError) {
        unlink(secretFIFO(step))
        _ = try retrying("make the FIFO", secretFIFO(step)) { mkfifo(secretFIFO(step), 0o600) }
    }

    /// Puts the job's whole context where steps can read it.
    func keepContext(_ context: JobContext) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let path = "\(spool)/context.json"
        unlink(path)
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL)
        try file.write(Array(try encoder.encode(context)) + [0x0A])
    }

    func keep(cacheKeys: [String]) throws { try keep(cacheKeys, "\(state)/caches.json") }
    func cacheKeys() throws -> [String] { try read("\(state)/caches.json") ?? [] }

    /// What a step wrote into one of its files.
    func text(of file: StepFile, step: Int) throws(JobRunnerError) -> String {
        let path = "\(spool)/\(step).\(file.rawValue)"
        let opened = try Descriptor.open(path, O_RDONLY)
        let status = try opened.status()
        guard status.kind == .file, status.links == 1 else { throw tampered(path) }
        let bytes = try opened.read(at: 0, count: StepFile.bytesMax + 1)
        guard bytes.count <= StepFile.bytesMax else {
            throw JobRunnerError(
                code: .tooMuch,
                message: "$\(file.variables[0]) is longer than \(StepFile.bytesMax) bytes"
            )
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func tampered(_ path: String) -> JobRunnerError {
        JobRunnerError(
            code: .damaged,
            message: "a step changed the files in /run/ci that tell its result (\(path))"
        )
    }
}
