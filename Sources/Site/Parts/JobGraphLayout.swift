/// Where each job of a build stands in the drawing of its graph, and how the lines run.
///
/// Jobs stand in columns by the longest way to them. A line that passes columns keeps a row of
/// its own there, so that it never runs behind a job.
struct JobGraphLayout: Equatable {
    /// A place in the grid of columns and rows.
    struct Cell: Equatable {
        var column: Int
        var row: Int
    }

    /// A line from one job to another.
    struct Edge: Equatable {
        /// Indices of the jobs.
        var from: Int
        var to: Int
        /// The cells it touches, both ends included, one in each column.
        var cells: [Cell]
    }

    /// More than this is no drawing any more but a wall.
    static let jobsMax = 120
    static let edgesMax = 400

    /// By index of the job.
    let cells: [Cell]
    let edges: [Edge]
    let columns: Int
    let rows: Int

    /// Fails for a graph that is too large to be drawn or runs in a circle.
    ///
    /// - Parameter needs: for each job the indices of those it needs.
    init?(needs: [[Int]]) {
        guard needs.count <= Self.jobsMax,
            needs.reduce(0, { $0 + $1.count }) <= Self.edgesMax,
            let depths = Self.depths(needs)
        else { return nil }
        var columns: [[Knot]] = Array(repeating: [], count: (depths.max() ?? -1) + 1)
        for (job, depth) in depths.enumerated() { columns[depth].append(.job(job)) }
        for (to, sources) in needs.enumerated() {
            for from in sources where depths[to] - depths[from] > 1 {
                for depth in (depths[from] + 1)..<depths[to] {
                    columns[depth].append(.pass(from: from, to: to))
                }
            }
        }
        Self.untangle(&columns, needs: needs)
        self.columns = columns.count
        rows = columns.map(\.count).max() ?? 0
        var rowOf: [[Knot: Int]] = []
        for column in columns {
            rowOf.append(
                Dictionary(uniqueKeysWithValues: column.enumerated().map { ($1, $0) })
            )
        }
        let cells = depths.enumerated().map { job, depth in
            Cell(column: depth, row: rowOf[depth][.job(job)] ?? 0)
        }
        self.cells = cells
        edges = needs.enumerated().flatMap { to, sources in
            sources.map { from in
                let between = ((depths[from] + 1)..<max(depths[to], depths[from] + 1)).map {
                    depth in
                    Cell(column: depth, row: rowOf[depth][.pass(from: from, to: to)] ?? 0)
                }
                return Edge(from: from, to: to, cells: [cells[from]] + between + [cells[to]])
            }
        }
    }

    /// What may stand in a cell.
    private enum Knot: Hashable {
        case job(Int)
        case pass(from: Int, to: Int)
    }

    /// The longest way to each job; nil where needs run in a circle.
    private static func depths(_ needs: [[Int]]) -> [Int]? {
        var depths = Array(repeating: 0, count: needs.count)
        for _ in 0...needs.count {
            var hasChanged = false
            for (job, sources) in needs.enumerated() {
                let depth = (sources.map { depths[$0] + 1 }).max() ?? 0
                if depth > depths[job] {
                    depths[job] = depth
                    hasChanged = true
                }
            }
            if !hasChanged { return depths }
        }
        return nil
    }

    /// Orders each column by the middle of what its knots come from, so that lines cross less.
    private static func untangle(_ columns: inout [[Knot]], needs: [[Int]]) {
        guard columns.count > 1 else { return }
        for index in 1..<columns.count {
            let before = Dictionary(
                uniqueKeysWithValues: columns[index - 1].enumerated().map { ($1, $0) }
            )
            let weighed = columns[index].enumerated().map { position, knot in
                (weight: middle(of: knot, before, needs: needs), position: position, knot: knot)
            }
            columns[index] =
                weighed
                .sorted { ($0.weight, $0.position) < ($1.weight, $1.position) }
                .map(\.knot)
        }
    }

    private static func middle(
        of knot: Knot,
        _ before: [Knot: Int],
        needs: [[Int]]
    ) -> Double {
        let rows: [Int] =
            switch knot {
            case .pass(let from, let to):
                [before[.pass(from: from, to: to)] ?? before[.job(from)]].compactMap(\.self)
            case .job(let job):
                needs[job].compactMap { before[.job($0)] ?? before[.pass(from: $0, to: job)] }
            }
        return rows.isEmpty ? 0 : Double(rows.reduce(0, +)) / Double(rows.count)
    }
}
