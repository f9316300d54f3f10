import Core

/// What has been found wrong so far, each thing once, and not without end.
struct Problems {
    let path: String
    private(set) var list: [Problem] = []

    static let countMax = 100

    init(path: String) {
        self.path = path
    }

    var isEmpty: Bool { list.isEmpty }
    /// Whether there are as many as anybody will read, so that looking for more is wasted.
    var isFull: Bool { list.count >= Self.countMax }

    /// Takes note of a problem, unless the same was said about the same place: two aliases of
    /// one mapping lead there twice.
    mutating func add(_ message: String, at mark: Mark, hint: String? = nil) {
        add(
            Problem(
                path: path,
                line: mark.line,
                column: mark.column,
                message: message,
                hint: hint
            )
        )
    }

    mutating func add(_ problem: Problem) {
        if !isFull, !list.contains(problem) { list.append(problem) }
    }

    mutating func add(_ fault: Fault) {
        add(fault.message, at: fault.mark, hint: fault.hint)
    }

    /// In the order of the file.
    var sorted: [Problem] {
        list.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }
}
