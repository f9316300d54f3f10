import Glibc

/// The kernel's messages about watched folders, and a way to end the wait for them.
struct Inotify: ~Copyable, Sendable {
    /// What happened in one folder.
    struct Event {
        var watch: Int32
        var mask: UInt32
        /// The entry's name; empty when the folder itself is meant.
        var name: [UInt8]

        func has(_ bits: Int) -> Bool { mask & UInt32(bits) != 0 }
    }

    private let queue: Int32
    private let bell: (read: Int32, write: Int32)

    init() throws(GitError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Self.failure("watch repositories") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let queue = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard queue >= 0 else {
            let failure = Self.failure("watch repositories")
            for end in ends { close(end) }
            throw failure
        }
        self.queue = queue
        bell = (ends[0], ends[1])
    }

    deinit {
        close(queue)
        close(bell.read)
        close(bell.write)
    }

    /// Watches a folder; gives its number, the same for the same folder.
    func add(_ folder: String) throws(GitError) -> Int32 {
        let wanted = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE
        let ends = IN_DELETE_SELF | IN_MOVE_SELF
        let number = inotify_add_watch(queue, folder, UInt32(wanted | ends) | UInt32(IN_ONLYDIR))
        guard number >= 0 else { throw Self.failure("watch \(folder)") }
        return number
    }

    func remove(_ watch: Int32) { inotify_rm_watch(queue, watch) }

    /// Makes the waiting thread return.
    func ring() {
        var byte: UInt8 = 0
        write(bell.write, &byte, 1)
    }

    /// Waits for messages; none when the time is over, nil when the bell rang.
    func next(timeoutMilliseconds: Int32) -> [Event]? {
        var entries = [
            pollfd(fd: queue, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.read, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, 2, timeoutMilliseconds) >= 0 else { return errno == EINTR ? [] : nil }
        if entries[1].revents != 0 { return nil }
        return entries[0].revents == 0 ? [] : read()
    }

    private func read() -> [Event] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(queue, &buffer, buffer.count)
        guard count > 0 else { return [] }
        return buffer.withUnsafeBytes { bytes in
            var events: [Event] = []
            var offset = 0
            // Number, mask, cookie, length of the name: four words, then the padded name.
            while offset + 16 <= count {
                let length = Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                let name = bytes[(offset + 16)..<(offset + 16 + length)].prefix { $0 != 0 }
                events.append(
                    Event(
                        watch: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self),
                        mask: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self),
                        name: Array(name)
                    )
                )
                offset += 16 + length
            }
            return events
        }
    }

    private static func failure(_ doing: String) -> GitError {
        let code = errno
        return GitError(
            code == ENOENT || code == ENOTDIR ? .notFound : .other,
            "cannot \(doing): \(String(cString: strerror(code)))",
            advice: code == ENOSPC || code == EMFILE
                ? "raise fs.inotify.max_user_watches or max_user_instances; polling goes on"
                : "polling goes on"
        )
    }
}
