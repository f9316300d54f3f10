/// What the master and the worker put into a planned job, when they know more.
extension JobSpec {
    /// The document for the worker: with every value in it that is known when the job is ready.
    ///
    /// - Parameter names: With `needs` (``JobGraph/outcomes(neededBy:)``) and, in `context`,
    ///   `build` and `semver`; nothing else.
    /// - Returns: The job, in which every image is known and only `env`, `hash()` and how
    ///   earlier steps went are open.
    /// - Throws: What cannot be put in, as a sentence: the job has failed then.
    package func readied(with names: Names) throws(ExpressionError) -> JobSpec {
        var spec = self
        for index in services.indices {
            spec.services[index].environment = try services[index].environment.folded(with: names)
            guard let open = services[index].openImage else { continue }
            spec.services[index].image = try open.image(with: names)
            spec.services[index].openImage = nil
        }
        for index in caches.indices {
            spec.caches[index].key = try caches[index].key.folded(with: names)
            var restore: [Template] = []
            for template in caches[index].restore {
                restore.append(try template.folded(with: names))
            }
            spec.caches[index].restore = restore
        }
        for (name, template) in variables {
            spec.variables[name] = try template.folded(with: names)
        }
        for index in steps.indices { spec.steps[index] = try steps[index].readied(with: names) }
        return spec
    }
}

extension StepSpec {
    fileprivate func readied(with names: Names) throws(ExpressionError) -> StepSpec {
        var spec = self
        spec.condition = try condition.folded(with: names)
        if spec.condition.expression.value == .flag(false), skipReason == nil {
            spec.skipReason = "its 'if' does not hold: \(shortened(condition.expression.source))"
        }
        spec.environment = try environment.folded(with: names)
        spec.action = try action.folded(with: names)
        if let open = openImage {
            spec.image = try open.image(with: names)
            spec.openImage = nil
        }
        return spec
    }

    /// The patterns of every `hash()` that the step's own values need.
    package var hashes: [[String]] {
        environment.values.flatMap(\.hashes) + condition.expression.hashes
            + action.templates.flatMap(\.hashes)
    }

    /// The variables of `env` that the step's own values need.
    var variables: [String] {
        environment.values.flatMap(\.variables) + condition.expression.variables
            + action.templates.flatMap(\.variables)
    }

    /// The variables that the file gives to the step, with every value put in.
    ///
    /// - Parameter names: With `variables` and `hashes`.
    /// - Returns: Name to value.
    /// - Throws: What cannot be put in, as a sentence.
    package func environment(with names: Names) throws(ExpressionError) -> [String: String] {
        var values: [String: String] = [:]
        for (name, template) in environment { values[name] = try template.text(with: names) }
        return values
    }
}

extension StepAction {
    /// The same action with the values put in that these names decide.
    package func folded(with names: Names) throws(ExpressionError) -> StepAction {
        switch self {
        case .run, .plugin, .download, .gate:
            return self
        case .promote(let unit, let channel):
            return .promote(
                unit: try unit.folded(with: names),
                channel: try channel.folded(with: names)
            )
        case .publish(var spec):
            spec.unit = try spec.unit.folded(with: names)
            spec.from = try spec.from.folded(with: names)
            spec.version = try spec.version.folded(with: names)
            spec.channel = try spec.channel.folded(with: names)
            return .publish(spec)
        }
    }

    /// What of it is decided only while the job runs.
    fileprivate var templates: [Template] {
        switch self {
        case .run, .plugin, .download, .gate: []
        case .promote(let unit, let channel): [unit, channel].compactMap(\.self)
        case .publish(let spec):
            [spec.unit, spec.from, spec.version, spec.channel].compactMap(\.self)
        }
    }
}

extension Template? {
    fileprivate func folded(with names: Names) throws(ExpressionError) -> Template? {
        guard let template = self else { return nil }
        return try template.folded(with: names)
    }
}

extension [String: Template] {
    fileprivate func folded(with names: Names) throws(ExpressionError) -> [String: Template] {
        var folded: [String: Template] = [:]
        for (name, template) in self { folded[name] = try template.folded(with: names) }
        return folded
    }
}

extension Template {
    fileprivate func image(with names: Names) throws(ExpressionError) -> ImageSource {
        let text = try text(with: names)
        guard let image = ImageSource(written: text) else {
            throw ExpressionError("\(quoted(text)) is not an image", at: 0..<0)
        }
        return image
    }
}
