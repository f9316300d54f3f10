import Core

/// The JSON Schema of a pipeline file, for editors: the vocabulary in another form.
///
/// It tells which keys stand where, what they mean and what their values look like. What ties
/// keys together, such as needs and downloads, is for the reader alone.
package func pipelineSchema() -> String {
    var schema: [(String, JSON)] = [
        ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
        ("title", .text("Slipway pipeline")),
    ]
    schema += Place.pipeline.schema
    let others = Place.allCases.filter { $0 != .pipeline }
    schema.append(("$defs", .object(others.map { ($0.schemaName, .object($0.schema)) })))
    return JSON.object(schema).rendered() + "\n"
}

extension Place {
    fileprivate var schemaName: String { String(describing: self) }

    fileprivate var schema: [(String, JSON)] {
        let required = keys.filter(\.isRequired).map { JSON.text($0.word.rawValue) }
        let properties = keys.map { key in
            let description = ("description", JSON.text(key.meaning))
            return (key.word.rawValue, JSON.object([description] + key.shape.schema))
        }
        var schema: [(String, JSON)] = [("type", .text("object"))]
        if self != .pipeline { schema.insert(("title", .text(rawValue)), at: 0) }
        if !required.isEmpty { schema.append(("required", .list(required))) }
        if let alternatives {
            let choices = alternatives.words.map { word in
                JSON.object([("required", .list([.text(word.rawValue)]))])
            }
            schema.append((alternatives.isExclusive ? "oneOf" : "anyOf", .list(choices)))
        }
        if !exclusions.isEmpty {
            schema.append(("dependentSchemas", .object(exclusions.map(Self.exclusion))))
        }
        schema.append(("properties", .object(properties)))
        let others = ownNames.map { JSON.object($0.schema) } ?? .flag(false)
        schema.append(("additionalProperties", others))
        return schema
    }
}

extension Place {
    private static func exclusion(_ word: Word, _ others: [Word]) -> (String, JSON) {
        let refusals = others.map { ($0.rawValue, JSON.flag(false)) }
        return (word.rawValue, .object([("properties", .object(refusals))]))
    }
}

extension Shape {
    fileprivate var schema: [(String, JSON)] {
        switch self {
        case .text: [Self.scalarType, ("pattern", .text(#"^(?![\s\S]*\$\{\{)"#))]
        case .template: [Self.scalarType]
        case .expression: [("type", .list(["string", "boolean"].map(JSON.text)))]
        case .flag: [("type", .text("boolean"))]
        case .no: [("const", .flag(false))]
        case .integer(let range):
            [
                ("type", .text("integer")), ("minimum", .number(range.lowerBound)),
                ("maximum", .number(range.upperBound)),
            ]
        case .decimal: [("type", .text("number")), ("exclusiveMinimum", .number(0))]
        case .duration: Self.pattern("^[0-9]+[smhd]$")
        case .size: Self.pattern("^[0-9]+[KMGT]iB$")
        case .nothing: [("type", .text("null"))]
        case .choice(let words): [("enum", .list(words.map(JSON.text)))]
        case .list(let item): [("type", .text("array")), ("items", .object(item.schema))]
        case .table(let value):
            [("type", .text("object")), ("additionalProperties", .object(value.schema))]
        case .codes(let value):
            [
                ("type", .text("object")),
                ("patternProperties", .object([(Self.codePattern, .object(value.schema))])),
                ("additionalProperties", .flag(false)),
            ]
        case .fields(let place): [("$ref", .text("#/$defs/\(place.schemaName)"))]
        case .either(let shapes): [("anyOf", .list(shapes.map { .object($0.titledSchema) }))]
        }
    }

    /// With a title that tells it from its alternatives: editors take those that look the same for
    /// one, and show what stands in them instead of what the key means.
    private var titledSchema: [(String, JSON)] {
        guard let title else { return schema }
        return [("title", .text(title))] + schema
    }

    /// What an editor calls it; nil where the schema that it refers to has a title.
    private var title: String? {
        switch self {
        case .text, .template: "a text"
        case .expression: "an expression"
        case .flag: "true or false"
        case .no: "false"
        case .integer, .decimal: "a number"
        case .duration: "a duration"
        case .size: "a size"
        case .nothing: "nothing"
        case .choice: "a word"
        case .list: "a list"
        case .table, .codes: "a mapping"
        case .fields: nil
        case .either: "one of several"
        }
    }

    /// A text may look like a number or a flag: those who read YAML as JSON see it as one.
    private static let scalarType = (
        "type", JSON.list(["string", "number", "boolean"].map(JSON.text))
    )

    private static func pattern(_ pattern: String) -> [(String, JSON)] {
        [("type", .text("string")), ("pattern", .text(pattern))]
    }

    /// 1 to 255.
    private static let codePattern = "^([1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$"
}
