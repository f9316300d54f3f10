import Glibc

/// An open file, closed when its owner goes away.
///
/// Nothing is ever opened through a symbolic link in its last component, nothing blocks on a
/// FIFO, and no child process inherits it.
package struct Descriptor: ~Copyable, Sendable {
    let number: Int32

    private init(number: Int32) {
        self.number = number
    }

    deinit { close(number) }

    private static let always = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC

    /// Takes over what a system call of another kind has opened.
    static func adopting(
        _ what: String,
        _ path: String,
        _ call: () -> Int32
    ) throws(JobRunnerError) -> Descriptor {
        Descriptor(number: Int32(try retrying(what, path, call)))
    }

    /// Opens a path, whose folders must be ours.
    static func open(
        _ path: String,
        _ flags: Int32,
        mode: mode_t = 0o644
    ) throws(JobRunnerError) -> Descriptor {
        let number = try retrying("open", path) { Glibc.open(path, flags | always, mode) }
        return Descriptor(number: Int32(number))
    }

    /// Opens an entry of this folder; `name` must be a single component.
    func open(
        _ name: String,
        _ flags: Int32,
        mode: mode_t = 0o644
    ) throws(JobRunnerError) -> Descriptor {
        let name = try component(name)
        let number = try retrying("open", name) {
            openat(self.number, name, flags | Self.always, mode)
        }
        return Descriptor(number: Int32(number))
    }

    /// Opens a folder in this folder by its zero-terminated name.
    func openFolder(_ name: [CChar]) throws(JobRunnerError) -> Descriptor {
        let number = try retrying("open", "a folder") {
            openat(self.number, name, O_RDONLY | O_DIRECTORY | Self.always)
        }
        return Descriptor(number: Int32(number))
    }

    package func status() throws(JobRunnerError) -> FileStatus {
        var found = stat()
        _ = try retrying("look at", "an open file") { fstat(number, &found) }
        return FileStatus(found)
    }

    /// What an entry of this folder is, links not followed.
    func status(of name: String) throws(JobRunnerError) -> FileStatus {
        let name = try component(name)
        var found = stat()
        _ = try retrying("look at", name) {
            fstatat(number, name, &found, AT_SYMLINK_NOFOLLOW)
        }
        return FileStatus(found)
    }

    /// Up to `count` bytes from `offset` on; fewer only at the end.
    package func read(at offset: Int, count: Int) throws(JobRunnerError) -> [UInt8] {
        var failure: JobRunnerError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(JobRunnerError) {
                while filled < count, let start = buffer.baseAddress {
                    let got = try retrying("read", "an open file") {
                        pread(number, start + filled, count - filled, offset + filled)
                    }
                    if got == 0 { return }
                    filled += got
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Sets when the file was last changed, in nanoseconds since 1970.
    func setModified(_ nanoseconds: Int) throws(JobRunnerError) {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let time = timespec(tv_sec: seconds, tv_nsec: rest)
        _ = try retrying("set the time of", "an open file") { futimens(number, [time, time]) }
    }

    /// Writes all of the bytes at the file's own position.
    package func write(_ bytes: [UInt8]) throws(JobRunnerError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = try retrying("write", "an open file") {
                rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(written)
        }
    }
}

/// Repeats a system call for as long as only a signal stands in its way.
func retrying(
    _ what: String,
    _ path: String,
    _ call: () -> some FixedWidthInteger & SignedInteger
) throws(JobRunnerError) -> Int {
    while true {
        let answer = call()
        if answer >= 0 { return Int(answer) }
        let code = errno
        if code != EINTR { throw .system(what, path, errno: code) }
    }
}

/// A name that stays in its folder: one component, no NUL, neither `.` nor `..`.
func component(_ name: String) throws(JobRunnerError) -> String {
    let bytes = name.utf8
    let isFine =
        !bytes.isEmpty && !bytes.contains(0) && !bytes.contains(UInt8(ascii: "/"))
        && !bytes.elementsEqual(".".utf8) && !bytes.elementsEqual("..".utf8)
    guard isFine else {
        throw JobRunnerError(code: .unsafe, message: "\(printable(name)) is not a file name")
    }
    return name
}

/// The text in quotes with its control bytes as `\xNN`, at most 200 bytes of it.
func printable(_ text: String) -> String {
    var out: [UInt8] = []
    for byte in text.utf8.prefix(200) {
        if byte < 0x20 || byte == 0x7F {
            out += Array((byte < 0x10 ? "\\x0" : "\\x").utf8) + Array(String(byte, radix: 16).utf8)
        } else {
            out.append(byte)
        }
    }
    return "\"\(String(decoding: out, as: UTF8.self))\(text.utf8.count > 200 ? "…" : "")\""
}
