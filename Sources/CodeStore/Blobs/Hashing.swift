import Core
import Crypto

import struct Foundation.Data

extension ContentDigest {
    /// The digest of some bytes.
    init(hashing bytes: [UInt8]) {
        var hash = RunningHash()
        hash.update(bytes)
        self = hash.digest
    }

    /// The form the database stores.
    var data: Data { Data(bytes) }

    /// A digest as the database stores it.
    init(stored data: Data) throws {
        guard let digest = ContentDigest(bytes: data) else {
            throw CodeStoreError.corrupt("a digest of \(data.count) bytes")
        }
        self = digest
    }
}

/// A SHA-256 in the making.
struct RunningHash {
    private var hash = SHA256()

    mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    var digest: ContentDigest {
        hash.finalize().withUnsafeBytes { bytes in
            let word = {
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
            }
            return ContentDigest(words: (word(0), word(8), word(16), word(24)))
        }
    }
}
