/// A number of bytes, as pipelines write it: `512MiB`, `8GiB`.
package struct ByteSize: Hashable, Comparable, Sendable {
    package var bytes: Int

    package init(bytes: Int) {
        self.bytes = bytes
    }

    /// The largest that a file may say: a tebibyte times a thousand.
    package static let max = ByteSize(bytes: 1_000 << 40)

    package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    /// Reads a whole number and its unit; nil where it is no such thing, zero or above ``max``.
    package init?(written text: String) {
        guard let (count, unit) = Measure.split(text), let length = Self.units[unit] else {
            return nil
        }
        let (bytes, overflows) = count.multipliedReportingOverflow(by: length)
        guard !overflows, bytes > 0, bytes <= Self.max.bytes else { return nil }
        self.bytes = bytes
    }

    private static let units = ["KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40]
}

extension ByteSize: CustomStringConvertible {
    /// The way it would be written, in the largest unit that leaves no rest.
    package var description: String {
        for (shift, unit) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")]
        where bytes != 0 && bytes.isMultiple(of: 1 << shift) {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)B"
    }
}

extension ByteSize: Codable {
    package init(from decoder: any Decoder) throws {
        bytes = try decoder.singleValueContainer().decode(Int.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }
}
