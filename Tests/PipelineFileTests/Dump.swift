import Core

/// What was read, as text that people compare: a line for each thing that says something.
///
/// What is absent, empty or false is left out, and so are places, but for those of names and
/// expressions: they are where problems are shown later.
func dump(_ pipeline: Pipeline) -> String {
    var lines: [String] = []
    write(pipeline, named: "pipeline", indent: "", to: &lines)
    return lines.map { $0 + "\n" }.joined()
}

private func write(_ value: Any, named name: String, indent: String, to lines: inout [String]) {
    if let text = text(of: value) {
        if !text.isEmpty { lines.append("\(indent)\(name): \(text)") }
        return
    }
    let mirror = Mirror(reflecting: value)
    var children = mirror.children.map { (label: $0.label ?? "-", value: $0.value) }
    if mirror.displayStyle == .dictionary {
        children = entries(of: mirror).sorted { $0.label < $1.label }
    }
    if mirror.displayStyle == .optional {
        if let value = children.first?.value {
            write(value, named: name, indent: indent, to: &lines)
        }
        return
    }
    var inner: [String] = []
    for child in children where !(child.value is Mark) && !isUsual(child.value) {
        write(child.value, named: child.label, indent: indent + "  ", to: &inner)
    }
    if inner.isEmpty, mirror.displayStyle != .struct { return }
    lines.append("\(indent)\(name):")
    lines += inner
}

private func entries(of mirror: Mirror) -> [(label: String, value: Any)] {
    mirror.children.compactMap { child in
        let pair = Mirror(reflecting: child.value).children.map(\.value)
        return pair.count == 2 ? (label: "\(pair[0])", value: pair[1]) : nil
    }
}

/// Whether a value is what most files mean by saying nothing.
private func isUsual(_ value: Any) -> Bool {
    switch value {
    case let policy as LossPolicy: policy == .retry
    case let checkout as Checkout: checkout == .standard
    case let resources as Resources: resources == Resources()
    case let defaults as JobDefaults: defaults == JobDefaults()
    case let list as GlobList: list.patterns.isEmpty
    case _: false
    }
}

/// One line for what is one thing to a reader; empty for what says nothing.
private func text(of value: Any) -> String? {
    switch value {
    case let flag as Bool: flag ? "true" : ""
    case let number as Int: "\(number)"
    case let text as String: shown(text)
    case let texts as [String]: texts.map(shown).joined(separator: ", ")
    case let list as GlobList: list.patterns.map(shown).joined(separator: ", ")
    case let template as Template: shown(template.source) + places(in: template)
    case let expression as Expression: shown(expression.source) + places(of: expression)
    case let name as Located<String>: shown(name.value) + " at " + shown(name.mark)
    case let span as TimeSpan: "\(span)"
    case let size as ByteSize: "\(size)"
    case let cause as RetryCause: "\(cause)"
    case let result as BuildResult: result.rawValue
    case _: Mirror(reflecting: value).displayStyle == .enum ? word(of: value) : nil
    }
}

/// The case of an enumeration without a payload.
private func word(of value: Any) -> String? {
    Mirror(reflecting: value).children.isEmpty ? "\(value)" : nil
}

/// Where each value of a template stands.
private func places(in template: Template) -> String {
    let places = template.pieces.compactMap { piece -> String? in
        guard case .value(let node) = piece, let mark = template.mark else { return nil }
        return " at " + shown(mark.advanced(by: node.range.lowerBound, in: template.source))
    }
    return places.joined()
}

/// Where an expression begins, and the place behind its end.
private func places(of expression: Expression) -> String {
    guard let mark = expression.mark else { return "" }
    let range = expression.root.range
    let places = [range.lowerBound, range.upperBound].map {
        shown(mark.advanced(by: $0, in: expression.source))
    }
    return " at " + places.joined(separator: "-")
}

private func shown(_ mark: Mark) -> String { "\(mark.line):\(mark.column)" }

/// A text on one line.
private func shown(_ text: String) -> String {
    text.utf8.allSatisfy { $0 >= 0x20 } && !text.isEmpty ? text : text.debugDescription
}
