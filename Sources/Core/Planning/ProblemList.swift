/// What planning has found wrong so far, each thing once, and not without end.
struct ProblemList {
    private(set) var all: [Problem] = []
    private var seen: Set<Problem> = []

    static let countMax = 100

    var isEmpty: Bool { all.isEmpty }

    mutating func add(_ message: String, at mark: Mark?, of path: String, hint: String? = nil) {
        let problem = Problem(
            path: path,
            line: mark?.line ?? 0,
            column: mark?.column ?? 0,
            message: message,
            hint: hint
        )
        if all.count < Self.countMax, seen.insert(problem).inserted { all.append(problem) }
    }

    mutating func add(
        _ error: ExpressionError,
        in source: String,
        at mark: Mark?,
        of path: String
    ) {
        let place = mark?.advanced(by: error.range.lowerBound, in: source)
        add(error.message, at: place, of: path, hint: error.hint)
    }

    /// File by file, each in its order.
    var sorted: [Problem] {
        all.sorted { ($0.path, $0.line, $0.column) < ($1.path, $1.line, $1.column) }
    }
}
