/// Rows under headings, each column as wide as its widest cell.
struct Table {
    private var rows: [[Tinted]]

    init(_ headings: String...) {
        rows = [headings.map { Tinted($0, .dim) }]
    }

    var isEmpty: Bool { rows.count < 2 }

    mutating func add(_ cells: Tinted...) {
        rows.append(cells)
    }

    /// The last column is not filled up, so that no line ends in spaces.
    func lines(isColoured: Bool) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].text.count }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            var owed = 0
            for (cell, width) in zip(row, widths) where !cell.text.isEmpty || width > 0 {
                if !cell.text.isEmpty {
                    line += String(repeating: " ", count: owed)
                    line += cell.rendered(isColoured: isColoured)
                    owed = 0
                }
                owed += width - cell.text.count + 2
            }
            return line
        }
    }
}
