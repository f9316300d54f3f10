import CLibgit2
import Foundation

/// The index of a pack: which objects it has, where, and a checksum of the bytes of each.
struct PackIndexFile {
    private static let magic: [UInt8] = [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2]
    private static let headerByteCount = 8 + 256 * 4
    private static let checksumByteCount = 20

    let objectCount: Int
    private let bytes: Data
    private let path: String

    init(at path: String) throws(GitError) {
        guard let bytes = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
            throw Files.failure("read", path)
        }
        guard bytes.count >= Self.headerByteCount, bytes.starts(with: Self.magic) else {
            throw GitError(.corrupt, "\(path) is no index of a pack")
        }
        self.bytes = bytes
        self.path = path
        objectCount = bytes.bigEndian(at: Self.headerByteCount - 4)
        // Name, checksum and place of each object, then two checksums of whole files.
        let least = Self.headerByteCount + objectCount * 28 + 2 * Self.checksumByteCount
        guard bytes.count >= least else { throw GitError(.corrupt, "\(path) is cut short") }
    }

    /// Checks every object's bytes in a pack; far quicker than unpacking them.
    ///
    /// The pack must be a file that nobody changes.
    func check(packAt path: String) throws(GitError) {
        guard let pack = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
            throw Files.failure("read", path)
        }
        let end = pack.count - Self.checksumByteCount
        let entries = try entries().sorted { $0.offset < $1.offset }
        let isWhole = pack.withUnsafeBytes { pack in
            let tail = bytes.dropLast(Self.checksumByteCount).suffix(Self.checksumByteCount)
            guard end >= 12, pack[end...].elementsEqual(tail) else { return false }
            return entries.indices.allSatisfy { index in
                let start = entries[index].offset
                let stop = index + 1 < entries.count ? entries[index + 1].offset : end
                guard start >= 12, start < stop, stop <= end else { return false }
                let piece = UnsafeRawBufferPointer(rebasing: pack[start..<stop])
                let first = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return crc32_z(0, first, piece.count) == entries[index].checksum
            }
        }
        guard isWhole else { throw GitError(.corrupt, "the pack \(path) is damaged") }
    }

    private func entries() throws(GitError) -> [(offset: Int, checksum: UInt)] {
        let checksums = Self.headerByteCount + objectCount * 20
        let offsets = checksums + objectCount * 4
        let largeOffsets = offsets + objectCount * 4
        var found: [(offset: Int, checksum: UInt)] = []
        found.reserveCapacity(objectCount)
        for index in 0..<objectCount {
            var offset = bytes.bigEndian(at: offsets + index * 4)
            if offset & 0x8000_0000 != 0 {
                let place = largeOffsets + (offset & 0x7FFF_FFFF) * 8
                guard place + 8 <= bytes.count else {
                    throw GitError(.corrupt, "\(path) is cut short")
                }
                offset = bytes.bigEndian(at: place) << 32 | bytes.bigEndian(at: place + 4)
            }
            found.append((offset, UInt(bytes.bigEndian(at: checksums + index * 4))))
        }
        return found
    }
}

extension Data {
    /// Four bytes as a number, the highest first.
    fileprivate func bigEndian(at offset: Int) -> Int {
        withUnsafeBytes {
            Int(UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
    }
}
