import Core
import Glibc

/// The files of a workspace, which a container may have filled with traps.
///
/// Every component of every path is opened for itself and no link is followed, so nothing outside
/// the workspace is read or written, whatever a step does meanwhile.
package struct WorkspaceFiles: Sendable {
    /// The workspace's absolute path.
    package let root: String
    package let limits: CollectionLimits

    package init(root: String, limits: CollectionLimits = CollectionLimits()) {
        self.root = root
        self.limits = limits
    }

    /// Everything below one folder; the paths are relative to it, sorted by bytes.
    ///
    /// A `.git` at the top of the folder is left out.
    package func collect(below path: String) throws -> [WorkspaceFile] {
        let base = try RelativePath(path)
        var walk = FileWalk(limits: limits, base: base)
        try walk.enter(try folder(base.components[...]), at: [])
        return walk.sorted
    }

    /// All files that a list of paths or patterns names; paths from the workspace on, sorted.
    ///
    /// A folder stands for everything in it. A path or pattern that matches nothing is an error.
    package func collect(matching patterns: [String]) throws -> [WorkspaceFile] {
        var walk = FileWalk(limits: limits, base: try RelativePath(""))
        for pattern in patterns {
            let path = try RelativePath(pattern)
            let before = walk.matches
            let fixed = path.components.prefix { !Self.isPattern($0) }
            if fixed.count == path.components.count {
                try collect(path, into: &walk)
            } else {
                walk.glob = Glob(path.text)
                try walk.enter(try folder(fixed), at: Array(fixed))
                walk.glob = nil
            }
            guard walk.matches > before else { throw nothing(at: pattern) }
        }
        return walk.sorted
    }

    /// Opens a file that was collected below `path`, if it is still the same one.
    package func open(_ file: WorkspaceFile, below path: String) throws -> Descriptor {
        let components =
            try RelativePath(path).components + RelativePath(file.path).components
        guard let name = components.last else { throw nothing(at: path) }
        let opened = try folder(components.dropLast()).open(name, O_RDONLY)
        let status = try opened.status()
        guard status.kind == .file, status.inode == file.inode, status.device == file.device,
            status.size == file.size
        else {
            throw JobRunnerError(
                code: .damaged,
                message: "\(printable(file.path)) was changed while it was being uploaded"
            )
        }
        return opened
    }

    private func collect(_ path: RelativePath, into walk: inout FileWalk) throws {
        let above = path.components.dropLast()
        guard let name = path.components.last else {
            return try walk.enter(try folder([]), at: [])
        }
        let parent = try folder(above)
        let kind: FileStatus.Kind
        do throws(JobRunnerError) {
            kind = try parent.status(of: name).kind
        } catch {
            throw error.code == .missing ? nothing(at: path.text) : error
        }
        switch kind {
        case .folder:
            try walk.enter(try folder(path.components[...]), at: path.components)
        case .file, .link, .fifo, .other:
            try walk.take(name, in: parent, at: Array(above))
        }
    }

    /// Opens a folder component by component.
    func folder(_ components: ArraySlice<String>) throws(JobRunnerError) -> Descriptor {
        var folder = try Descriptor.open(root, O_RDONLY | O_DIRECTORY)
        for index in components.indices {
            do throws(JobRunnerError) {
                folder = try folder.open(components[index], O_RDONLY | O_DIRECTORY)
            } catch {
                let path = components[...index].joined(separator: "/")
                if error.code == .missing { throw nothing(at: path) }
                throw refusal(path, "it is not a folder, or only a link to one")
            }
        }
        return folder
    }

    static func isPattern(_ component: String) -> Bool {
        component.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }
}

func nothing(at path: String) -> JobRunnerError {
    JobRunnerError(
        code: .missing,
        message: "there is nothing at \(printable(path)) in the workspace"
    )
}

func refusal(_ path: String, _ why: String) -> JobRunnerError {
    JobRunnerError(code: .unsafe, message: "\(printable(path)) is refused: \(why)")
}
