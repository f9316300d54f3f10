import Glibc

/// Folders and small files of our own, which no container can reach.
enum Folder {
    /// Makes a folder only we may enter; it may be there already.
    static func create(_ path: String, mode: mode_t = 0o700) throws(JobRunnerError) {
        if mkdir(path, mode) != 0 && errno != EEXIST {
            throw .system("make the folder", path, errno: errno)
        }
    }

    /// Makes a folder and all those above it.
    static func createAll(_ path: String) throws(JobRunnerError) {
        var made = ""
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            made += "/\(String(decoding: part, as: UTF8.self))"
            try create(made)
        }
    }

    /// The names in a folder as the kernel has them, zero-terminated, in no order.
    static func entries(
        _ folder: borrowing Descriptor,
        max: Int = .max
    ) throws(JobRunnerError) -> [[CChar]] {
        let copy = Int32(
            try retrying("open", "a folder") {
                openat(folder.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        )
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw .system("list", "a folder", errno: errno)
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while names.count < max, let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                $0.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            if name != [0x2E, 0] && name != [0x2E, 0x2E, 0] { names.append(name) }
        }
        return names
    }

    /// The names in a folder, sorted by bytes; a name that is not UTF-8 is an error.
    static func names(_ folder: borrowing Descriptor) throws(JobRunnerError) -> [String] {
        var names: [String] = []
        for entry in try entries(folder) {
            let bytes = entry.dropLast().map { UInt8(bitPattern: $0) }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                let shown = printable(String(decoding: bytes, as: UTF8.self))
                throw JobRunnerError(
                    code: .unsafe,
                    message: "the file name \(shown) is not UTF-8; rename it"
                )
            }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Puts a file in place whole or not at all.
    static func write(_ bytes: [UInt8], to path: String) throws(JobRunnerError) {
        let draft = path + ".new"
        do {
            let file = try Descriptor.open(draft, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
            try file.write(bytes)
        }
        _ = try retrying("put in place", path) { rename(draft, path) }
    }

    /// A file of ours, whole; nil when there is none.
    static func read(_ path: String, max: Int = 16 << 20) throws(JobRunnerError) -> [UInt8]? {
        do throws(JobRunnerError) {
            let file = try Descriptor.open(path, O_RDONLY)
            let bytes = try file.read(at: 0, count: min(max, try file.status().size))
            return bytes
        } catch {
            if error.code == .missing { return nil }
            throw error
        }
    }
}
