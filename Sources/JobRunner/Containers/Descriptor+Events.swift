import Glibc

extension Descriptor {
    /// A queue of changes in folders.
    static func inotify() throws(JobRunnerError) -> Descriptor {
        try adopting("make", "an inotify queue") {
            inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        }
    }

    /// Watches a folder; negative when the kernel has no watch left.
    func watch(_ folder: String, _ events: Int32) -> Int32 {
        inotify_add_watch(number, folder, UInt32(events) | UInt32(IN_ONLYDIR))
    }

    func unwatch(_ watch: Int32) {
        // It is gone already when the folder is.
        if watch >= 0 { _ = inotify_rm_watch(number, watch) }
    }

    /// Empties the queue and tells which watches it spoke of; -1 when it overflowed.
    func changedWatches() -> Set<Int32> {
        var changed: Set<Int32> = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                Glibc.read(number, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return changed }
            buffer.withUnsafeBytes { bytes in
                var offset = 0
                while offset + MemoryLayout<inotify_event>.size <= count {
                    let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    changed.insert(event.wd)
                    offset += MemoryLayout<inotify_event>.size + Int(event.len)
                }
            }
        }
    }
}
