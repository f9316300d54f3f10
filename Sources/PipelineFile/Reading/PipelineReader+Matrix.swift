import Core

/// The `matrix` key.
extension PipelineReader {
    mutating func matrix(_ entry: Entry) -> MatrixDefinition? {
        guard case .mapping(let pairs) = entry.value.content else {
            mistyped(entry, "a mapping", hint: "each key is an axis: 'swift: [\"6.0\", \"6.1\"]'")
            return nil
        }
        let own = pairs.filter { Place.matrix.word($0.key) != nil }
        let others = pairs.filter { Place.matrix.word($0.key) == nil }
        let fields = fields(own, at: entry.value.start, in: .matrix)
        let axes = limited(others.map(Entry.init), to: Place.axesMax, "axes").compactMap {
            axis($0)
        }
        let include = fields[.include].map { rows($0, mayAllowFailure: true) } ?? []
        let exclude = fields[.exclude].map { rows($0, mayAllowFailure: false) } ?? []
        if others.isEmpty, fields[.include].map({ items($0).isEmpty }) ?? true {
            problems.add(
                "'matrix' has no axes",
                at: entry.keyMark,
                hint: "each key is an axis: 'swift: [\"6.0\", \"6.1\"]'"
            )
        }
        return MatrixDefinition(
            axes: axes,
            include: include,
            exclude: exclude,
            failFast: fields[.failFast].flatMap { flag($0) } ?? true,
            mark: entry.value.start
        )
    }

    private mutating func axis(_ entry: Entry) -> MatrixDefinition.Axis? {
        guard case .sequence = entry.value.content else {
            let known = Place.matrix.keys.map(\.word.rawValue)
            if nearest(to: entry.key, among: known) != nil {
                refuse(entry.key, at: entry.keyMark, in: .matrix)
                return nil
            }
            mistyped(entry, "a list", hint: "write '[\"6.0\", \"6.1\"]', even for one value")
            return MatrixDefinition.Axis(name: entry.located, values: [.unread])
        }
        let values = items(entry).map { plainTemplate($0) ?? .unread }
        return MatrixDefinition.Axis(name: entry.located, values: values)
    }

    private mutating func rows(
        _ entry: Entry,
        mayAllowFailure: Bool
    ) -> [MatrixDefinition.Row] {
        limited(list(entry), to: Place.rowsMax, "items of '\(entry.key)'").compactMap { item in
            var row = item
            row.title = "an item of '\(entry.key)'"
            guard var cells = table(row, hint: "write '{ AXIS: VALUE }'") else { return nil }
            cells = limited(cells, to: Place.axesMax + 1, "values in \(row.subject)")
            var made = MatrixDefinition.Row(cells: [], mark: item.value.start)
            for cell in cells {
                if mayAllowFailure, cell.key == Word.allowFailure.rawValue {
                    made.allowFailure = flag(cell)
                } else if let value = plainTemplate(cell) {
                    made.cells.append(MatrixDefinition.Cell(axis: cell.located, value: value))
                }
            }
            return made
        }
    }

    /// A value kept as it is written: `6.10` stays `6.10`.
    private mutating func plainTemplate(_ entry: Entry) -> Template? {
        plainText(entry).map { constant($0, entry) }
    }
}
