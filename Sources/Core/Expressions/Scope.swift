/// The names that an expression may use in one place of the file.
package struct Scope: Sendable {
    /// Which variables `env` has.
    package enum Variables: Equatable, Sendable {
        /// None: the place is itself part of an `env`.
        case none
        /// Those of the file.
        case known([String])
        /// Any: a step may have set it.
        case any
    }

    /// When the place is decided.
    package var phase: Availability
    /// Whether it is an `if`, which may ask how things went.
    package var isCondition: Bool
    package var hasChannel: Bool
    /// The axes, in the order of the file.
    package var matrix: [String]
    package var inputs: [String: ExpressionType]
    package var variables: Variables
    /// The jobs needed, as they are called in the file.
    package var needs: [String]

    package init(
        phase: Availability,
        isCondition: Bool = false,
        hasChannel: Bool = false,
        matrix: [String] = [],
        inputs: [String: ExpressionType] = [:],
        variables: Variables = .none,
        needs: [String] = []
    ) {
        self.phase = phase
        self.isCondition = isCondition
        self.hasChannel = hasChannel
        self.matrix = matrix
        self.inputs = inputs
        self.variables = variables
        self.needs = needs
    }

    /// The same names for a place that is decided at another time.
    package func at(_ phase: Availability, isCondition: Bool = false) -> Scope {
        var scope = self
        scope.phase = phase
        scope.isCondition = isCondition
        if phase == .running { scope.variables = .any }
        return scope
    }

    /// What the name stands for.
    func type(
        of name: ExpressionName,
        at range: Range<Int>
    ) throws(ExpressionError) -> ExpressionType {
        if let family = ContextFamily(rawValue: name.root) {
            return try type(of: name, in: family, at: range)
        }
        guard name.path.count == 1, let context = ContextName(rawValue: name.root),
            context != .channel || hasChannel
        else { throw stranger(name, at: range) }
        try require(context.availability, for: name, at: range)
        return context.type
    }

    private func type(
        of name: ExpressionName,
        in family: ContextFamily,
        at range: Range<Int>
    ) throws(ExpressionError) -> ExpressionType {
        switch family {
        case .needs:
            return try needType(of: name, at: range)
        case .matrix, .inputs, .env:
            guard name.path.count == 2, let word = name.path.last else {
                throw ExpressionError(
                    "\(quoted(name.description)) is not a value",
                    at: range,
                    hint: "write \(family.rawValue).NAME"
                )
            }
            return try type(ofWord: word, in: family, at: range)
        }
    }

    private func type(
        ofWord word: String,
        in family: ContextFamily,
        at range: Range<Int>
    ) throws(ExpressionError) -> ExpressionType {
        switch family {
        case .matrix:
            if matrix.contains(word) { return .text }
            if matrix.isEmpty { throw ExpressionError("there is no matrix here", at: range) }
            throw unknown(word, "the matrix has no axis", among: matrix, at: range)
        case .inputs:
            if let type = inputs[word] { return type }
            if inputs.isEmpty {
                throw ExpressionError("this file declares no inputs", at: range)
            }
            throw unknown(word, "no input is called", among: inputs.keys.sorted(), at: range)
        case .env, .needs:
            switch variables {
            case .any: return .text
            case .none:
                throw ExpressionError("variables of 'env' cannot be used here", at: range)
            case .known(let names):
                if names.contains(word) { return .text }
                throw unknown(word, "no variable above is called", among: names, at: range)
            }
        }
    }

    private func needType(
        of name: ExpressionName,
        at range: Range<Int>
    ) throws(ExpressionError) -> ExpressionType {
        let isResult = name.path.count == 3 && name.path[2] == "result"
        let isOutput = name.path.count == 4 && name.path[2] == "outputs"
        guard isResult || isOutput else {
            throw ExpressionError(
                "\(quoted(name.description)) is not a value",
                at: range,
                hint: "write needs.JOB.result or needs.JOB.outputs.NAME"
            )
        }
        try require(.ready, for: name, at: range)
        guard needs.contains(name.path[1]) else {
            throw ExpressionError(
                "this job does not need \(quoted(name.path[1]))",
                at: range,
                hint: nearest(to: name.path[1], among: needs).map { "did you mean '\($0)'?" }
                    ?? "add it to 'needs'"
            )
        }
        return .text
    }

    /// Refuses what is known only after the place is decided.
    func require(
        _ availability: Availability,
        for name: ExpressionName,
        at range: Range<Int>
    ) throws(ExpressionError) {
        if availability <= phase { return }
        throw ExpressionError(
            "\(quoted(name.description)) is known \(availability.phrase), "
                + "and this is decided \(phase.phrase)",
            at: range
        )
    }

    private func stranger(_ name: ExpressionName, at range: Range<Int>) -> ExpressionError {
        let known =
            ContextName.allCases.filter { $0 != .channel || hasChannel }.map(\.rawValue)
            + ContextFamily.allCases.map(\.rawValue)
        if name.path.count > 1, known.contains(name.root) {
            return ExpressionError("\(quoted(name.root)) has no parts", at: range)
        }
        return unknown(name.root, "no value is called", among: known, at: range)
    }

    private func unknown(
        _ word: String,
        _ message: String,
        among known: [String],
        at range: Range<Int>
    ) -> ExpressionError {
        ExpressionError(
            "\(message) \(quoted(word))",
            at: range,
            hint: nearest(to: word, among: known).map { "did you mean '\(shortened($0))'?" }
                ?? (known.isEmpty ? nil : "there are \(known.map(shortened).listed)")
        )
    }
}
