/// The `matrix` of a job: one job for every combination of the axes' values.
package struct MatrixDefinition: Equatable, Sendable {
    /// An axis with its values, kept as they are written: `6.10` stays `6.10`.
    package struct Axis: Equatable, Sendable {
        package var name: Located<String>
        package var values: [Template]

        package init(name: Located<String>, values: [Template]) {
            self.name = name
            self.values = values
        }
    }

    /// One value on one axis.
    package struct Cell: Equatable, Sendable {
        package var axis: Located<String>
        package var value: Template

        package init(axis: Located<String>, value: Template) {
            self.axis = axis
            self.value = value
        }
    }

    /// An item of `include` or `exclude`.
    package struct Row: Equatable, Sendable {
        package var cells: [Cell]
        /// Only `include` may say it: the failure of such a combination is a warning.
        package var allowFailure: Bool?
        package var mark: Mark

        package init(cells: [Cell], allowFailure: Bool? = nil, mark: Mark) {
            self.cells = cells
            self.allowFailure = allowFailure
            self.mark = mark
        }
    }

    /// In the order of the file.
    package var axes: [Axis]
    package var include: [Row]
    package var exclude: [Row]
    /// Whether the first failure ends the other combinations.
    package var failFast: Bool
    package var mark: Mark

    package init(
        axes: [Axis],
        include: [Row] = [],
        exclude: [Row] = [],
        failFast: Bool = true,
        mark: Mark
    ) {
        self.axes = axes
        self.include = include
        self.exclude = exclude
        self.failFast = failFast
        self.mark = mark
    }
}
