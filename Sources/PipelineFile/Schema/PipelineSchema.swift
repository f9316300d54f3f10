/// The JSON Schema of a pipeline file, for editors: the vocabulary in another form.
///
/// It tells which keys stand where and what they mean. What ties keys together, such as needs
/// and downloads, is for the reader alone.
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
        var schema: [(String, JSON)] = [
            ("type", .text("object")), ("additionalProperties", .flag(false)),
        ]
        if !required.isEmpty { schema.append(("required", .list(required))) }
        return schema + [("properties", .object(properties))]
    }
}

extension Shape {
    /// A text may look like a number or a flag: those who read YAML as JSON see it as one.
    fileprivate var schema: [(String, JSON)] {
        switch self {
        case .text: [("type", .list(["string", "number", "boolean"].map(JSON.text)))]
        case .flag: [("type", .text("boolean"))]
        case .duration: [("type", .text("string")), ("pattern", .text("^[0-9]+[smhd]$"))]
        case .nothing: [("type", .text("null"))]
        case .choice(let words): [("enum", .list(words.map(JSON.text)))]
        case .list(let item): [("type", .text("array")), ("items", .object(item.schema))]
        case .table(let value):
            [("type", .text("object")), ("additionalProperties", .object(value.schema))]
        case .fields(let place): [("$ref", .text("#/$defs/\(place.schemaName)"))]
        case .either(let shapes): [("anyOf", .list(shapes.map { .object($0.schema) }))]
        }
    }
}
