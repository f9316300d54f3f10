/// The values that names have, as far as they are known when something is decided.
///
/// What is not known yet stays in the expression, for whoever decides later.
package struct Names: Equatable, Sendable {
    package var context: [ContextName: ExpressionValue]
    /// The files that changed are not known: a pattern over them counts as matched.
    package var changedAnything: Bool
    package var matrix: [String: String]
    package var inputs: [String: ExpressionValue]
    /// Nil: not known yet; a variable that is not in it is empty.
    package var variables: [String: String]?
    /// By the name that the file gives to the job.
    package var needs: [String: NeedOutcome]
    /// The job whose file the names of `needs` belong to; nil: the build's own file.
    package var caller: String?
    /// Nil: not known yet.
    package var status: Status?
    /// By the patterns of the call.
    package var hashes: [[String]: String]

    package init(
        context: [ContextName: ExpressionValue] = [:],
        changedAnything: Bool = false,
        matrix: [String: String] = [:],
        inputs: [String: ExpressionValue] = [:],
        variables: [String: String]? = nil,
        needs: [String: NeedOutcome] = [:],
        caller: String? = nil,
        status: Status? = nil,
        hashes: [[String]: String] = [:]
    ) {
        self.context = context
        self.changedAnything = changedAnything
        self.matrix = matrix
        self.inputs = inputs
        self.variables = variables
        self.needs = needs
        self.caller = caller
        self.status = status
        self.hashes = hashes
    }

    /// The name by which the whole build knows it: the needs of a used file stand below the job
    /// that uses it.
    func global(_ name: ExpressionName) -> ExpressionName {
        guard let caller, name.root == ContextFamily.needs.rawValue, name.path.count > 1 else {
            return name
        }
        var name = name
        name.path[1] = JobKey.joined(caller, name.path[1])
        return name
    }

    /// The value; nil: not known yet.
    func value(of name: ExpressionName) -> ExpressionValue? {
        guard let family = ContextFamily(rawValue: name.root) else {
            return ContextName(rawValue: name.root).flatMap { context[$0] }
        }
        guard name.path.count >= 2 else { return nil }
        let word = name.path[1]
        switch family {
        case .matrix: return matrix[word].map { .text($0) }
        case .inputs: return inputs[word]
        case .env: return variables.map { .text($0[word] ?? "") }
        case .needs: return needs[word].flatMap { $0.value(of: name.path[2...]) }
        }
    }
}

/// How a needed job ended, and what it told.
package struct NeedOutcome: Equatable, Sendable {
    package var result: BuildResult
    package var outputs: [String: String]

    package init(result: BuildResult, outputs: [String: String] = [:]) {
        self.result = result
        self.outputs = outputs
    }

    /// An output that was not set is empty.
    fileprivate func value(of path: ArraySlice<String>) -> ExpressionValue? {
        switch (path.first, path.count) {
        case ("result", 1): .text(result.rawValue)
        case ("outputs", 2): .text(outputs[path.last ?? ""] ?? "")
        case _: nil
        }
    }
}

/// How what came before went: the answers of `success()` and its sisters.
package struct Status: Equatable, Sendable {
    package var isSuccess: Bool
    package var isFailure: Bool
    package var isCancelled: Bool
    /// Nil: not known here.
    package var isChanged: Bool?

    package init(isSuccess: Bool, isFailure: Bool, isCancelled: Bool, isChanged: Bool?) {
        self.isSuccess = isSuccess
        self.isFailure = isFailure
        self.isCancelled = isCancelled
        self.isChanged = isChanged
    }

    /// For a step, of the steps before it in its job.
    ///
    /// After a cancel nothing succeeded and nothing failed: only `always()` and `cancelled()`
    /// still hold.
    package init(
        after earlier: some Sequence<BuildResult>,
        isCancelled: Bool,
        previous: BuildResult? = nil
    ) {
        let isGreen = earlier.allSatisfy(\.isGreen)
        self.init(
            isSuccess: isGreen && !isCancelled,
            isFailure: !isGreen && !isCancelled,
            isCancelled: isCancelled,
            isChanged: Self.isChange(from: previous, to: isGreen ? .success : .failure)
        )
    }

    /// For a notice, of the whole build's end.
    package init(of result: BuildResult, previous: BuildResult?) {
        self.init(
            isSuccess: result.isGreen,
            isFailure: !result.isGreen && result != .cancelled,
            isCancelled: result == .cancelled,
            isChanged: Self.isChange(from: previous, to: result)
        )
    }

    /// Whether things turned from good to bad or back; before the first build all was well.
    package static func isChange(from previous: BuildResult?, to result: BuildResult) -> Bool {
        (previous?.isGreen ?? true) != result.isGreen
    }
}
