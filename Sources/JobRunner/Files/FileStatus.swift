import Glibc

/// What a file is, as the kernel tells it.
package struct FileStatus: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case file
        case folder
        case link
        case fifo
        /// A socket or a device.
        case other
    }

    package let kind: Kind
    package let size: Int
    /// The twelve permission bits.
    package let permissions: Int
    let device: UInt64
    let inode: UInt64
    let links: Int
    /// Nanoseconds since 1970.
    let modifiedAt: Int

    init(_ found: stat) {
        kind =
            switch found.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            case S_IFIFO: .fifo
            case _: .other
            }
        size = Int(found.st_size)
        permissions = Int(found.st_mode & 0o7777)
        device = UInt64(found.st_dev)
        inode = UInt64(found.st_ino)
        links = Int(found.st_nlink)
        modifiedAt = found.st_mtim.tv_sec * 1_000_000_000 + found.st_mtim.tv_nsec
    }
}
