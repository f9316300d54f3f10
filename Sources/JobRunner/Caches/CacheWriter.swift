import Core
import Glibc

/// Packs files of a workspace into one file, as they are now.
///
/// No link is followed; sockets, FIFOs and devices are left out. It stops at its limits.
struct CacheWriter: ~Copyable {
    private let target: Descriptor
    private let limits: CacheLimits
    private let end: Moment
    /// Takes only what it matches; nil takes everything.
    private var glob: Glob?
    private var taken: Set<String> = []
    private var visits = 0
    private(set) var bytes = 0
    private(set) var files = 0

    init(to target: consuming Descriptor, limits: CacheLimits) {
        self.target = target
        self.limits = limits
        end = Moment.now.after(seconds: limits.secondsMax)
    }

    /// Takes what a path or pattern names; nothing there is no error, for it is only a cache.
    mutating func take(_ pattern: String, from workspace: WorkspaceFiles) async throws {
        let path = try RelativePath(pattern)
        let fixed = path.components.prefix { !WorkspaceFiles.isPattern($0) }
        glob = fixed.count == path.components.count ? nil : Glob(path.text)
        do {
            if glob == nil, let name = path.components.last {
                let parent = try workspace.folder(path.components.dropLast())
                return try await take(name, in: parent, at: Array(path.components.dropLast()))
            }
            try await enter(try workspace.folder(fixed), at: Array(fixed))
        } catch let error as JobRunnerError where error.code == .missing {
            return
        }
    }

    /// Writes what shows that nothing is missing.
    mutating func finish() throws { try target.write(CacheEntry.end.header) }

    private mutating func enter(
        _ folder: borrowing Descriptor,
        at place: [String]
    ) async throws {
        guard place.count <= limits.depthMax else { throw tooMuch("nested too deeply") }
        for name in try Folder.names(folder) {
            // The repository's own history is brought by the checkout.
            if place.isEmpty && name.utf8.elementsEqual(".git".utf8) { continue }
            try await take(name, in: folder, at: place)
        }
    }

    private mutating func take(
        _ name: String,
        in folder: borrowing Descriptor,
        at place: [String]
    ) async throws {
        try Task.checkCancellation()
        visits += 1
        guard visits <= limits.filesMax else { throw tooMuch("more than \(limits.filesMax) files") }
        guard Moment.now < end else { throw tooMuch("more than \(limits.secondsMax) s of work") }
        let status = try folder.status(of: name)
        let path = place + [name]
        var entry = CacheEntry(kind: .file, path: path.joined(separator: "/"))
        entry.modifiedAt = status.modifiedAt
        switch status.kind {
        case .folder:
            entry.kind = .folder
            if isWanted(path) { try add(entry) }
            let child = try folder.open(name, O_RDONLY | O_DIRECTORY)
            try await enter(child, at: path)
        case .file where isWanted(path):
            try add(&entry, name, in: folder)
            await Task.yield()
        case .link where isWanted(path):
            entry.kind = .link
            let target = try folder.target(of: name)
            entry.size = target.count
            if try add(entry) { try write(target) }
        case .file, .link, .fifo, .other:
            return
        }
    }

    /// A match of any folder above stands for everything in it.
    private func isWanted(_ path: [String]) -> Bool {
        guard let glob else { return true }
        return path.indices.contains { glob.matches(path[...$0].joined(separator: "/")) }
    }

    private mutating func add(
        _ entry: inout CacheEntry,
        _ name: String,
        in folder: borrowing Descriptor
    ) throws {
        let source = try folder.open(name, O_RDONLY)
        let status = try source.status()
        guard status.kind == .file else { return }
        entry.size = status.size
        entry.isExecutable = status.permissions & 0o111 != 0
        guard try add(entry) else { return }
        var offset = 0
        while offset < status.size {
            let piece = try source.read(at: offset, count: min(1 << 20, status.size - offset))
            guard !piece.isEmpty else { throw refusal(entry.path, "it shrank while it was read") }
            try write(piece)
            offset += piece.count
        }
    }

    /// False where it was taken before.
    @discardableResult
    private mutating func add(_ entry: CacheEntry) throws -> Bool {
        guard taken.insert(entry.path).inserted else { return false }
        guard entry.path.utf8.count <= CacheEntry.pathBytesMax else {
            throw tooMuch("a path of more than \(CacheEntry.pathBytesMax) bytes")
        }
        if entry.kind != .folder { files += 1 }
        guard bytes + entry.size <= limits.entryBytesMax else {
            throw tooMuch("more than \(limits.entryBytesMax) bytes")
        }
        try write(entry.header)
        return true
    }

    private mutating func write(_ piece: [UInt8]) throws {
        bytes += piece.count
        try target.write(piece)
    }

    private func tooMuch(_ what: String) -> JobRunnerError {
        JobRunnerError(code: .tooMuch, message: "\(what); name fewer paths")
    }
}
