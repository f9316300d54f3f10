/// A place in the text of a file, as editors count: both from 1, columns in Unicode scalars.
struct Mark: Equatable, Comparable {
    var line: Int
    var column: Int

    static let start = Mark(line: 1, column: 1)

    static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
