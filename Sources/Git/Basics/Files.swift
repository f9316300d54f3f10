import Glibc

/// Small things done to files without the cost of Foundation's ways, which sync, stat and look
/// users up: a checkout of a small repository is to take a few milliseconds.
enum Files {
    /// Writes a file that nobody else looks at yet.
    static func write(_ bytes: [UInt8], to path: String) throws(GitError) {
        let file = try Descriptor(creating: path, O_TRUNC, mode: 0o644)
        guard bytes.withUnsafeBytes({ writeAll($0, to: file.number) }) else {
            throw failure("write", path)
        }
    }

    /// Replaces a file in one instant.
    static func replace(_ path: String, with bytes: [UInt8]) throws(GitError) {
        let fresh = path + ".lock"
        // Left behind by a process that was killed; writers of one file take turns.
        unlink(fresh)
        do {
            let file = try Descriptor(creating: fresh, O_EXCL, mode: 0o644)
            guard bytes.withUnsafeBytes({ writeAll($0, to: file.number) }),
                fsync(file.number) == 0
            else {
                throw failure("write", fresh)
            }
        }
        guard rename(fresh, path) == 0 else { throw failure("replace", path) }
    }

    /// Copies a file.
    ///
    /// `gauge` gets the count of bytes after each piece and may throw to end the copying.
    static func copy(
        _ source: String,
        to target: String,
        gauge: (Int) throws(GitError) -> Void = { _ in }
    ) throws(GitError) {
        let pieceByteCount = 16 << 20
        let input = try Descriptor(opening: source)
        let output = try Descriptor(creating: target, O_EXCL, mode: 0o444)
        while true {
            let count = sendfile(output.number, input.number, nil, pieceByteCount)
            guard count >= 0 else { throw failure("copy", source) }
            if count == 0 { return }
            try gauge(count)
        }
    }

    /// Makes a folder whose parent is there; one that exists is fine.
    static func makeFolder(_ path: String) throws(GitError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("create", path) }
    }

    static func failure(_ doing: String, _ path: String) -> GitError {
        let code = errno
        return GitError(
            code == ENOENT ? .notFound : .other,
            "cannot \(doing) \(path): \(String(cString: strerror(code)))",
            advice: "check the disk and the permissions of the folder"
        )
    }
}

/// An open file, closed when its owner goes away.
struct Descriptor: ~Copyable {
    let number: Int32

    init(opening path: String) throws(GitError) {
        number = open(path, O_RDONLY | O_CLOEXEC)
        if number < 0 { throw Files.failure("open", path) }
    }

    /// Opens for writing; `flags` says what becomes of a file that is there.
    init(creating path: String, _ flags: Int32, mode: mode_t) throws(GitError) {
        number = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode)
        if number < 0 { throw Files.failure("create", path) }
    }

    deinit { if number >= 0 { close(number) } }
}

/// Writes all of the bytes; false with `errno` when that fails.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
        let count = write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return true
}
