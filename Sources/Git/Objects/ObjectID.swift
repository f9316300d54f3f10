import CLibgit2

/// The SHA-1 name of a Git object.
struct ObjectID: Hashable, Sendable {
    static let byteCount = 20

    // Whole words compare and hash faster than twenty bytes.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    /// Reads twenty raw bytes.
    init(raw: UnsafeRawBufferPointer) {
        precondition(raw.count >= Self.byteCount, "an object name has 20 bytes")
        first = raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        second = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        third = raw.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
    }

    init(_ id: git_oid) {
        self = withUnsafeBytes(of: id) { ObjectID(raw: $0) }
    }

    /// Reads a whole name: 40 hexadecimal digits, nothing else.
    init?(hex: some Sequence<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        var half: UInt8?
        for digit in hex {
            guard let value = Self.value(of: digit), bytes.count < Self.byteCount else {
                return nil
            }
            if let high = half {
                bytes.append(high << 4 | value)
                half = nil
            } else {
                half = value
            }
        }
        guard bytes.count == Self.byteCount, half == nil else { return nil }
        self = bytes.withUnsafeBytes { ObjectID(raw: $0) }
    }

    /// Reads a commit name that a caller gave.
    init(sha: String) throws(GitError) {
        guard let id = ObjectID(hex: sha.utf8) else {
            throw GitError(
                .notFound,
                "\"\(sha)\" is not a whole commit name",
                advice: "give all 40 hexadecimal digits"
            )
        }
        self = id
    }

    var raw: git_oid {
        var id = git_oid()
        withUnsafeMutableBytes(of: &id) { bytes in
            bytes.storeBytes(of: first, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: second, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: third, toByteOffset: 16, as: UInt32.self)
        }
        return id
    }

    /// 40 lower-case hexadecimal digits.
    var sha: String {
        let digits = Array("0123456789abcdef".utf8)
        return withUnsafeBytes(of: raw) { bytes in
            String(unsafeUninitializedCapacity: 2 * Self.byteCount) { text in
                for (index, byte) in bytes.enumerated() {
                    text[2 * index] = digits[Int(byte >> 4)]
                    text[2 * index + 1] = digits[Int(byte & 15)]
                }
                return 2 * Self.byteCount
            }
        }
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case _: nil
        }
    }
}
