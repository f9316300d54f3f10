import Glibc

/// Writes the wanted files of one archive into a workspace, as any other path of it is written:
/// through no link, and within limits.
actor Unpacking {
    /// A file whose bytes are coming.
    private final class Arrival {
        let file: Descriptor
        let modifiedAt: Int
        var left: Int

        init(_ file: consuming Descriptor, _ entry: TarParser.Entry) {
            self.file = file
            modifiedAt = entry.modifiedAt
            left = entry.size
        }
    }

    private let cargo: Cargo
    /// Where the archive's first component stands in the workspace.
    private let place: [String]
    private let workspace: WorkspaceFiles
    private var parser = TarParser()
    private var arrival: Arrival?
    private var entries = 0

    init(_ cargo: Cargo, from place: [String], into workspace: WorkspaceFiles) {
        self.cargo = cargo
        self.place = place
        self.workspace = workspace
    }

    func take(_ bytes: [UInt8]) throws {
        try parser.take(bytes) { part in
            switch part {
            case .entry(let entry): try begin(entry)
            case .bytes(let bytes): try write(bytes)
            }
        }
    }

    private func begin(_ entry: TarParser.Entry) throws {
        arrival = nil
        entries += 1
        guard entries <= workspace.limits.visits else {
            throw JobRunnerError(
                code: .tooMuch,
                message: "\(printable(place.joined(separator: "/"))) of the workspace holds more "
                    + "than \(workspace.limits.visits) files; name fewer paths"
            )
        }
        let path = try path(of: entry.path)
        guard cargo.holds(path) else { return }
        let name = path.joined(separator: "/")
        switch entry.kind {
        case .folder:
            try workspace.makeFolder(name)
        case .link:
            try workspace.restoreLink(name, to: entry.target)
        case .file:
            let file = try workspace.create(
                name,
                below: "",
                isExecutable: entry.isExecutable
            )
            arrival = Arrival(file, entry)
            if entry.size == 0 { try finish() }
        case .otherName:
            try copy(try self.path(of: entry.target), to: name, entry)
        case .other:
            return
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        guard let arrival else { return }
        try arrival.file.write(bytes)
        arrival.left -= bytes.count
        if arrival.left == 0 { try finish() }
    }

    private func finish() throws {
        // Build tools tell by it what has changed.
        if let arrival { try arrival.file.setModified(arrival.modifiedAt * 1_000_000_000) }
        arrival = nil
    }

    /// A second name of a file is a second file here; what came first must have been wanted too.
    private func copy(_ source: [String], to name: String, _ entry: TarParser.Entry) throws {
        guard cargo.holds(source), let last = source.last else {
            throw refusal(name, "it is a hard link to a file that is not among those named")
        }
        let original = try workspace.folder(source.dropLast()).open(last, O_RDONLY)
        let status = try original.status()
        guard status.kind == .file else { throw refusal(name, "it is a hard link to no file") }
        let isExecutable = status.permissions & 0o111 != 0
        let file = try workspace.create(name, below: "", isExecutable: isExecutable)
        var offset = 0
        while offset < status.size {
            let piece = try original.read(at: offset, count: min(1 << 20, status.size - offset))
            guard !piece.isEmpty else { break }
            try file.write(piece)
            offset += piece.count
        }
        try file.setModified(entry.modifiedAt * 1_000_000_000)
    }

    /// Seen from the workspace, of a path that begins with the name of what was asked for.
    private func path(of path: String) throws -> [String] {
        let components = try RelativePath(path).components
        return place.isEmpty ? components : place + components.dropFirst()
    }
}

/// Hands on what is in the one file of an archive.
actor FileContent {
    private var parser = TarParser()
    private let sink: @Sendable ([UInt8]) async throws -> Void

    init(_ sink: @escaping @Sendable ([UInt8]) async throws -> Void) {
        self.sink = sink
    }

    func take(_ bytes: [UInt8]) async throws {
        var content: [UInt8] = []
        try parser.take(bytes) { part in
            if case .bytes(let bytes) = part { content += bytes }
        }
        if !content.isEmpty { try await sink(content) }
    }
}
