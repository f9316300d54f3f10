import Core
import Crypto
import Glibc

/// One walk through a workspace, which collects files and refuses traps.
struct FileWalk {
    let limits: CollectionLimits
    /// Where the walk began, seen from the workspace.
    let base: RelativePath
    /// Takes only what it matches; nil takes everything.
    var glob: Glob?
    private(set) var found: [String: WorkspaceFile] = [:]
    /// Files taken, counting those twice that were taken twice.
    private(set) var matches = 0
    private var bytes = 0
    private var visits = 0

    init(limits: CollectionLimits, base: RelativePath) {
        self.limits = limits
        self.base = base
    }

    var sorted: [WorkspaceFile] {
        found.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Takes what is in a folder, whose path below the base is `place`.
    mutating func enter(_ folder: borrowing Descriptor, at place: [String]) throws {
        guard place.count <= limits.depth else {
            throw refusal(shown(place), "it is nested deeper than \(limits.depth) folders")
        }
        for name in try Folder.names(folder) {
            visits += 1
            guard visits <= limits.visits else { throw tooMuch() }
            // The repository's own history is no part of what a job made.
            if place.isEmpty && name.utf8.elementsEqual(".git".utf8) { continue }
            if try folder.status(of: name).kind == .folder {
                let child = try folder.open(name, O_RDONLY | O_DIRECTORY)
                try enter(child, at: place + [name])
            } else if isWanted(place + [name]) {
                try take(name, in: folder, at: place)
            }
        }
    }

    /// A match of any folder above stands for everything in it.
    private func isWanted(_ path: [String]) -> Bool {
        guard let glob else { return true }
        return path.indices.contains { glob.matches(path[...$0].joined(separator: "/")) }
    }

    /// Takes one entry of a folder, whose path below the base is `place`.
    mutating func take(
        _ name: String,
        in folder: borrowing Descriptor,
        at place: [String]
    ) throws {
        let path = (place + [name]).joined(separator: "/")
        matches += 1
        guard found[path] == nil else { return }
        let status = try folder.status(of: name)
        switch status.kind {
        case .file:
            try add(try file(name, path, in: folder))
        case .link:
            try add(try link(name, path, in: folder, at: place, status))
        case .folder, .fifo, .other:
            throw refusal(shown(place + [name]), "it is neither a file, a folder nor a link")
        }
    }

    private mutating func add(_ file: WorkspaceFile) throws {
        found[file.path] = file
        bytes += file.size
        guard found.count <= limits.files, bytes <= limits.bytes else { throw tooMuch() }
    }

    private func file(
        _ name: String,
        _ path: String,
        in folder: borrowing Descriptor
    ) throws -> WorkspaceFile {
        let opened = try folder.open(name, O_RDONLY)
        let status = try opened.status()
        guard status.kind == .file else { throw refusal(path, "it changed its kind") }
        guard bytes + status.size <= limits.bytes else { throw tooMuch() }
        var hash = SHA256()
        var offset = 0
        while offset < status.size {
            let piece = try opened.read(at: offset, count: min(1 << 20, status.size - offset))
            guard !piece.isEmpty else { throw refusal(path, "it shrank while it was read") }
            hash.update(data: piece)
            offset += piece.count
        }
        return WorkspaceFile(
            path: path,
            mode: status.permissions & 0o111 == 0 ? 0o644 : 0o755,
            size: status.size,
            sha256: hexadecimal(hash.finalize()),
            linkTarget: nil,
            device: status.device,
            inode: status.inode
        )
    }

    private func link(
        _ name: String,
        _ path: String,
        in folder: borrowing Descriptor,
        at place: [String],
        _ status: FileStatus
    ) throws -> WorkspaceFile {
        let target = try folder.target(of: name)
        guard let text = String(validating: target, as: UTF8.self),
            RelativePath.isInside(text, from: place)
        else {
            let shown = printable(String(decoding: target, as: UTF8.self))
            let home = base.text.isEmpty ? "the workspace" : printable(base.text)
            throw refusal(
                self.shown(place + [name]),
                "it is a symbolic link to \(shown), which leads out of \(home)"
            )
        }
        return WorkspaceFile(
            path: path,
            mode: WorkspaceFile.linkMode,
            size: target.count,
            sha256: hexadecimal(SHA256.hash(data: target)),
            linkTarget: text,
            device: status.device,
            inode: status.inode
        )
    }

    /// Seen from the workspace, where the reader of a message looks for it.
    private func shown(_ path: [String]) -> String {
        (base.components + path).joined(separator: "/")
    }

    private func tooMuch() -> JobRunnerError {
        let place = base.text.isEmpty ? "the workspace" : printable(base.text)
        return JobRunnerError(
            code: .tooMuch,
            message: "\(place) gives more than \(limits.files) files or \(limits.bytes) bytes; "
                + "name fewer paths"
        )
    }
}

extension Descriptor {
    /// Where a link in this folder points: any bytes but NUL.
    func target(of name: String) throws(JobRunnerError) -> [UInt8] {
        let name = try component(name)
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = try retrying("read the link", name) {
            target.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { readlinkat(number, name, $0, buffer.count) } ?? 0
            }
        }
        return Array(target.prefix(count))
    }
}

/// Lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
}
