/// A place in the text of a file, as editors count: both from 1, columns in Unicode scalars.
struct Mark: Equatable, Comparable {
    var line: Int
    var column: Int

    static let start = Mark(line: 1, column: 1)

    static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// What makes the whole text unreadable.
struct Fault: Error, Equatable {
    var message: String
    var mark: Mark

    init(_ message: String, at mark: Mark) {
        self.message = message
        self.mark = mark
    }
}
