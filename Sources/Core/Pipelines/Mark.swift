/// A place in the text of a file, as editors count: both from 1, columns in Unicode scalars.
package struct Mark: Sendable {
    /// From here on a text stands at another place than its bytes alone would say: behind the
    /// end of a line, an escape, an indentation.
    package struct Bend: Hashable, Sendable {
        /// In bytes of the text.
        package var offset: Int
        package var line: Int
        package var column: Int

        package init(offset: Int, line: Int, column: Int) {
            self.offset = offset
            self.line = line
            self.column = column
        }
    }

    package var line: Int
    package var column: Int
    /// Of the text that begins here, in their order; a text written as it is read has none.
    package var bends: [Bend]

    package init(line: Int, column: Int, bends: [Bend] = []) {
        self.line = line
        self.column = column
        self.bends = bends
    }

    package static let start = Mark(line: 1, column: 1)

    /// The place so many bytes further on in a text that begins here.
    package func advanced(by offset: Int, in text: String) -> Mark {
        let bend = bends.last { $0.offset <= offset }
        var mark = Mark(line: bend?.line ?? line, column: bend?.column ?? column)
        let start = bend?.offset ?? 0
        for byte in text.utf8.dropFirst(start).prefix(offset - start) {
            switch byte {
            case UInt8(ascii: "\n"): mark = Mark(line: mark.line + 1, column: 1)
            // The later bytes of one scalar.
            case 0x80...0xBF: continue
            case _: mark.column += 1
            }
        }
        return mark
    }
}

/// Two marks are equal when they are the same place, whatever begins there.
extension Mark: Hashable, Comparable {
    package static func == (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) == (right.line, right.column)
    }

    package static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(line)
        hasher.combine(column)
    }
}

/// Something with the place in the file where it stands.
package struct Located<Subject> {
    package var value: Subject
    package var mark: Mark

    package init(_ value: Subject, at mark: Mark) {
        self.value = value
        self.mark = mark
    }
}

extension Located: Sendable where Subject: Sendable {}
extension Located: Equatable where Subject: Equatable {}
