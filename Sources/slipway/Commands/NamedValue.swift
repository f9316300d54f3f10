import ArgumentParser

/// A value given on the command line as `name=value`.
struct NamedValue: ExpressibleByArgument, Equatable {
    var name: String
    /// May be empty, and may hold further equals signs.
    var value: String

    init?(argument: String) {
        let parts = argument.utf8.split(
            separator: UInt8(ascii: "="),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        name = String(decoding: parts[0], as: UTF8.self)
        value = String(decoding: parts[1], as: UTF8.self)
    }
}

extension [NamedValue] {
    /// The values by their names; the last of a name counts.
    var byName: [String: String] {
        reduce(into: [:]) { $0[$1.name] = $1.value }
    }
}
