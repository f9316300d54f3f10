/// Why nothing can be run here, as a person who types a command can act on it.
package struct LocalRunError: Error, Equatable, CustomStringConvertible {
    /// One sentence without a full stop.
    package var message: String
    /// What to do about it.
    package var hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    package var description: String { message + (hint.map { " (\($0))" } ?? "") }
}
