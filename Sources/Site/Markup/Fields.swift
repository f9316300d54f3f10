import Mustache

/// What a template may be given.
protocol Field: Sendable {
    /// As Mustache reads it; text is already escaped.
    var presented: Any { get }
}

extension String: Field {
    var presented: Any { escaped(self) }
}

extension Markup: Field {
    var presented: Any { html }
}

extension Int: Field {
    var presented: Any { String(self) }
}

extension Bool: Field {
    var presented: Any { self }
}

extension Fields: Field {
    var presented: Any { self }
}

extension Array: Field where Element == Fields {
    var presented: Any { self }
}

/// The names that a template may use, and what stands behind each.
///
/// A field that is nil is absent, which is not the same as unknown: Mustache does not go on to
/// look for it in what surrounds this.
struct Fields: Sendable, ExpressibleByDictionaryLiteral {
    private(set) var fields: [String: (any Field)?]

    init(dictionaryLiteral elements: (String, (any Field)?)...) {
        fields = Dictionary(uniqueKeysWithValues: elements)
    }

    /// Adds the others' fields; no name may be in both.
    func with(_ others: Fields) -> Fields {
        var all = self
        all.fields.merge(others.fields) { _, _ in preconditionFailure("a field is given twice") }
        return all
    }
}

extension Fields: MustacheParent {
    func child(named name: String) -> Any? {
        guard let field = fields[name] else { return nil }
        return field?.presented ?? Absent()
    }
}

/// A field that is known and has no value.
private struct Absent: MustacheCustomRepresentation {
    var representation: Any? { nil }
}
