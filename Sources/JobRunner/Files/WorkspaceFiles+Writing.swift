import Glibc

extension WorkspaceFiles {
    /// Makes a file below the folder `path`, and the folders above it, for its bytes to be written.
    ///
    /// What was at its place is replaced, never written through: it may be a link a step left.
    package func create(
        _ file: String,
        below path: String,
        isExecutable: Bool
    ) throws -> Descriptor {
        let place = try place(of: file, below: path)
        try clear(place)
        let flags = O_WRONLY | O_CREAT | O_EXCL
        return try place.folder.open(place.name, flags, mode: isExecutable ? 0o755 : 0o644)
    }

    /// Makes a symbolic link below the folder `path`, whose target must stay below it too.
    package func link(_ file: String, to target: String, below path: String) throws {
        let above = try RelativePath(file).components.dropLast()
        guard RelativePath.isInside(target, from: Array(above)), !target.utf8.contains(0) else {
            throw refusal(file, "it is a symbolic link to \(printable(target)), which leads out")
        }
        let place = try place(of: file, below: path)
        try clear(place)
        _ = try retrying("make the link", place.name) {
            symlinkat(target, place.folder.number, place.name)
        }
    }

    /// Makes a folder, and those above it; it may be there already.
    func makeFolder(_ path: String) throws {
        // The last component is only named, never made.
        _ = try place(of: "\(path)/-", below: "")
    }

    /// Makes a symbolic link to anywhere: it is for the container to follow, never for us.
    func restoreLink(_ file: String, to target: String) throws {
        let place = try place(of: file, below: "")
        try clear(place)
        _ = try retrying("make the link", place.name) {
            symlinkat(target, place.folder.number, place.name)
        }
    }

    private struct Place: ~Copyable {
        let folder: Descriptor
        let name: String
    }

    private func clear(_ place: borrowing Place) throws(JobRunnerError) {
        if unlinkat(place.folder.number, place.name, 0) != 0 && errno != ENOENT {
            throw .system("replace", printable(place.name), errno: errno)
        }
    }

    private func place(of file: String, below path: String) throws -> Place {
        let components = try RelativePath(path).components + RelativePath(file).components
        guard let name = components.last else { throw nothing(at: file) }
        var folder = try self.folder([])
        for (index, component) in components.dropLast().enumerated() {
            if mkdirat(folder.number, component, 0o755) != 0 && errno != EEXIST {
                throw JobRunnerError.system("make the folder", component, errno: errno)
            }
            do throws(JobRunnerError) {
                folder = try folder.open(component, O_RDONLY | O_DIRECTORY)
            } catch {
                let place = components[...index].joined(separator: "/")
                throw refusal(place, "it is not a folder, or only a link to one")
            }
        }
        return Place(folder: folder, name: name)
    }
}
