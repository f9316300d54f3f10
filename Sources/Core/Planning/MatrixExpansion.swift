/// One combination of a matrix.
struct Combination {
    /// Axis and value, in the order of the file.
    var cells: [(axis: String, value: String)] = []
    var allowFailure: Bool?

    subscript(axis: String) -> String? { cells.first { $0.axis == axis }?.value }

    func has(_ cells: [(axis: String, value: String)]) -> Bool {
        cells.allSatisfy { cell in self[cell.axis].map { isSame($0, cell.value) } ?? false }
    }

    mutating func set(_ axis: String, to value: String) {
        if let index = cells.firstIndex(where: { $0.axis == axis }) {
            cells[index].value = value
        } else {
            cells.append((axis, value))
        }
    }

    /// `swift=6.1, os=linux`.
    var title: String { cells.map { "\($0.axis)=\($0.value)" }.joined(separator: ", ") }
}

/// The values of a matrix, with everything put in.
struct MatrixValues {
    struct Row {
        var cells: [(axis: String, value: String)]
        var allowFailure: Bool?
    }

    var axes: [(name: String, values: [String])]
    var include: [Row]
    var exclude: [Row]

    static let combinationsMax = 256
    /// Before `exclude` takes any away.
    static let productMax = 4_096

    /// Every combination, or nil where there are far too many.
    ///
    /// The rules are GitHub's, made simple: first the product of the axes, where the last axis
    /// turns fastest; then `exclude` takes away each combination that has all the values of one
    /// of its rows; then each row of `include` in turn. A row is laid over every combination of
    /// the product that has all of its values on the axes. Where there is none, or where the
    /// matrix has no axes, it is a combination of its own.
    func combinations() -> [Combination]? {
        var product = axes.isEmpty ? [] : [Combination()]
        for axis in axes {
            guard product.count * axis.values.count <= Self.productMax else { return nil }
            product = product.flatMap { combination in
                axis.values.map { value in
                    var next = combination
                    next.cells.append((axis.name, value))
                    return next
                }
            }
        }
        let names = Set(axes.map(\.name))
        product.removeAll { combination in
            exclude.contains { !$0.cells.isEmpty && combination.has($0.cells) }
        }
        var added: [Combination] = []
        let base = product
        for row in include {
            let fixed = row.cells.filter { names.contains($0.axis) }
            let places = base.indices.filter { base[$0].has(fixed) }
            if places.isEmpty {
                added.append(Combination(cells: row.cells, allowFailure: row.allowFailure))
            }
            for index in places { product[index].lay(row) }
        }
        return product + added
    }
}

extension Combination {
    fileprivate mutating func lay(_ row: MatrixValues.Row) {
        for cell in row.cells { set(cell.axis, to: cell.value) }
        allowFailure = row.allowFailure ?? allowFailure
    }
}
