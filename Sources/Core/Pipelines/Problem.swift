/// Something wrong in a pipeline file, and where to look.
package struct Problem: Hashable, Sendable, Codable {
    package var path: String
    /// From 1; 0 when the whole file is meant.
    package var line: Int
    /// From 1; 0 when the whole line is meant.
    package var column: Int
    /// What is wrong.
    package var message: String
    /// What would be right.
    package var hint: String?

    package init(path: String, line: Int, column: Int, message: String, hint: String? = nil) {
        self.path = path
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }
}

extension Problem: CustomStringConvertible {
    /// `file:line:column: message (hint)`: what compilers print and editors jump to.
    package var description: String {
        "\(path):\(line):\(column): \(message)" + (hint.map { " (\($0))" } ?? "")
    }
}
