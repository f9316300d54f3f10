import CLibgit2
import Foundation
import Glibc

/// The objects of a repository that have a file each.
///
/// libgit2 1.5 reads a truncated one for ever, at full speed. So files that others wrote are
/// looked through before libgit2 sees them.
struct LooseObjects {
    /// The folder of objects and those it borrows from.
    private let folders: [String]

    /// `folder` is that of the repository.
    init(in folder: String) {
        let own = folder + "objects"
        let list = FileManager.default.contents(atPath: own + "/info/alternates") ?? Data()
        let others = list.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
        folders = [own] + others.map { $0.utf8.first == 0x2F ? $0 : own + "/" + $0 }
    }

    /// Throws if the object has a file and that file is cut short or no zlib stream.
    func requireWhole(_ id: ObjectID) throws(GitError) {
        let name = id.sha
        for folder in folders {
            let path = "\(folder)/\(name.prefix(2))/\(name.dropFirst(2))"
            guard access(path, F_OK) == 0 else { continue }
            guard try Self.isWhole(path) else {
                throw GitError(.corrupt, "the object \(name) is damaged")
            }
        }
    }

    /// The names of all objects that have a file in the repository's own folder.
    func list() -> [ObjectID] {
        guard let own = folders.first else { return [] }
        return (0..<256).flatMap { number -> [ObjectID] in
            let prefix = (number < 16 ? "0" : "") + String(number, radix: 16)
            let names = try? FileManager.default.contentsOfDirectory(atPath: "\(own)/\(prefix)")
            return (names ?? []).compactMap { ObjectID(hex: Array((prefix + $0).utf8)) }
        }
    }

    /// Whether objects of other repositories are needed.
    var borrows: Bool { folders.count > 1 }

    private static func isWhole(_ path: String) throws(GitError) -> Bool {
        let pieceByteCount = 1 << 16
        let file = try Descriptor(opening: path)
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit_(&stream, ZLIB_VERSION, size) == Z_OK else { return false }
        defer { inflateEnd(&stream) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * pieceByteCount) {
            space in
            guard let input = space.baseAddress else { return false }
            var status = Z_OK
            while status == Z_OK {
                let count = read(file.number, input, pieceByteCount)
                guard count > 0 else { return false }
                stream.next_in = input
                stream.avail_in = UInt32(count)
                repeat {
                    stream.next_out = input + pieceByteCount
                    stream.avail_out = UInt32(pieceByteCount)
                    status = inflate(&stream, Z_NO_FLUSH)
                } while status == Z_OK && stream.avail_out == 0
                // Nothing left to inflate is no error: the next piece brings more.
                if status == Z_BUF_ERROR { status = Z_OK }
            }
            return status == Z_STREAM_END
        }
    }
}
