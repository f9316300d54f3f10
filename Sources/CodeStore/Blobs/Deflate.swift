import CZlib
import Core

/// zlib's format, of whole buffers.
enum Deflate {
    /// Bytes looked at before a larger buffer is packed whole.
    private static let probeByteCount = 4096

    /// The bytes packed, or nil where that does not save a tenth.
    ///
    /// Packed archives and images cost a hundred times more to try than to skip, so a sample
    /// decides first.
    static func packed(_ bytes: [UInt8]) -> [UInt8]? {
        if bytes.count >= 4 * probeByteCount {
            let middle = bytes.count / 2
            let probe = Array(bytes[middle..<(middle + probeByteCount)])
            guard saves(deflated(probe, level: 1), of: probe) else { return nil }
        }
        let whole = deflated(bytes, level: 6)
        return saves(whole, of: bytes) ? whole : nil
    }

    /// Unpacks bytes that must become exactly `count` bytes, with nothing left over.
    static func unpacked(_ bytes: [UInt8], count: Int) throws -> [UInt8] {
        var consumed = uLong(bytes.count)
        var status = Z_OK
        let unpacked = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, written in
            var produced = uLongf(count)
            status = uncompress2(buffer.baseAddress, &produced, bytes, &consumed)
            written = Int(produced)
        }
        guard status == Z_OK, unpacked.count == count, consumed == bytes.count else {
            throw CodeStoreError.invalid(
                "bytes packed with deflate do not unpack to \(count) bytes; send them again"
            )
        }
        return unpacked
    }

    private static func saves(_ packed: [UInt8], of bytes: [UInt8]) -> Bool {
        packed.count * 10 <= bytes.count * 9
    }

    private static func deflated(_ bytes: [UInt8], level: Int32) -> [UInt8] {
        let bound = compressBound(uLong(bytes.count))
        return [UInt8](unsafeUninitializedCapacity: Int(bound)) { buffer, written in
            var produced = bound
            let status = compress2(buffer.baseAddress, &produced, bytes, uLong(bytes.count), level)
            precondition(status == Z_OK, "zlib deflates into a buffer of its own bound")
            written = Int(produced)
        }
    }
}
