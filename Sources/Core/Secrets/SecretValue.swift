/// What a secret is, which shows itself to nobody who only prints what he has at hand.
package struct SecretValue: Hashable, Sendable, Codable {
    /// The very text; whoever reads it takes care of where it goes.
    package let revealed: String

    package init(_ text: String) {
        revealed = text
    }

    package init(from decoder: any Decoder) throws {
        revealed = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(revealed)
    }

    package static let bytesMax = 48 << 10
    /// Shorter ones are everywhere in a log by chance, so that nothing could hide them.
    package static let bytesMin = 4
    private static let bytesSafe = 8

    /// Why it cannot be kept, as a sentence; nil: it can.
    package var problem: String? {
        let count = revealed.utf8.count
        if count < Self.bytesMin {
            return "A secret of \(count) bytes cannot be hidden in logs, where such texts stand by "
                + "chance: take one of \(Self.bytesMin) at least, \(Self.bytesSafe) or more at best."
        }
        if count > Self.bytesMax {
            return "A secret may have \(Self.bytesMax) bytes, and this one has \(count): keep what "
                + "is large elsewhere, encrypted, and its key here."
        }
        if revealed.utf8.contains(0) {
            return "A secret is a text, and this one holds a NUL byte, which no variable can: "
                + "encode it with base64, and let the step decode it."
        }
        return nil
    }

    /// What whoever sets it should know; nil: nothing.
    package var warning: String? {
        revealed.utf8.count >= Self.bytesSafe
            ? nil
            : "A secret of less than \(Self.bytesSafe) bytes is hidden in logs, and other texts that "
                + "happen to be the same with it."
    }
}

extension SecretValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(a secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension JobSpec {
    /// The names of all secrets that its steps ask for.
    package var secretNames: Set<String> { Set(steps.flatMap { $0.secrets.map(\.from) }) }
}
