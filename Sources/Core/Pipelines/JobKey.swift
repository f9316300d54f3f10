/// How jobs of a used file are called: below the job that uses it.
package enum JobKey {
    /// No job's own name holds it.
    package static let separator = " / "

    package static func joined(_ caller: String?, _ name: String) -> String {
        caller.map { $0 + separator + name } ?? name
    }

    /// The key itself, and each job of whose used file it is a part.
    static func groups(of key: String) -> [String] {
        let bytes = Array(key.utf8)
        let wanted = Array(separator.utf8)
        var groups = [key]
        guard bytes.count > wanted.count else { return groups }
        for index in 0..<(bytes.count - wanted.count)
        where bytes[index] == wanted[0] && bytes[index...].starts(with: wanted) {
            groups.append(String(decoding: bytes[..<index], as: UTF8.self))
        }
        return groups
    }
}
