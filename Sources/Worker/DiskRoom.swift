import Core
import Foundation

/// Whether there is room for one more job where a worker works.
struct DiskRoom: Sendable {
    let folder: String
    let freeBytesMin: Int

    /// Why no job should come, in words that stay the same while it does; nil: one may.
    var trouble: String? {
        // A folder that cannot be asked is no reason: the jobs will tell.
        guard let free, free < freeBytesMin else { return nil }
        return "less than \(ByteSize(bytes: freeBytesMin)) is free in \(folder)"
    }

    private var free: Int? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }
}
