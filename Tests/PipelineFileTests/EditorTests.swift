import Foundation
import Testing

@testable import PipelineFile

/// What an editor makes of the schema: keys and words to complete, and texts to show on hover.
///
/// It follows the schema as yaml-language-server does: through references and all alternatives.
@Suite struct EditorTests {
    private let editor: Editor

    init() throws {
        editor = try Editor(pipelineSchema())
    }

    @Test func `at every position an editor offers the keys of the table, each with its meaning`() {
        var visited: Set<Place> = []
        var open = [(Place.pipeline, editor.root)]
        while let (place, node) = open.popLast() {
            guard visited.insert(place).inserted else { continue }
            let offered = editor.offers(node)
            let wanted = place.keys.map { ($0.word.rawValue, $0.meaning) }
            #expect(offered == Dictionary(uniqueKeysWithValues: wanted), "\(place)")
            for key in place.keys {
                let value = editor.value(of: key.word.rawValue, in: node)
                open += places(of: key.shape, value)
            }
        }
        #expect(visited == Set(Place.allCases))
    }

    /// The mappings that may stand somewhere below a value, with what an editor is at there.
    private func places(of shape: Shape, _ value: Editor.Node) -> [(Place, Editor.Node)] {
        switch shape {
        case .fields(let place): [(place, value)]
        case .list(let item): places(of: item, editor.item(of: value))
        case .table(let item): places(of: item, editor.value(of: "any", in: value))
        case .codes(let item): places(of: item, editor.value(of: "77", in: value))
        case .either(let shapes): shapes.flatMap { places(of: $0, value) }
        case .text, .template, .expression, .flag, .no, .integer, .decimal, .duration, .size,
            .nothing, .choice:
            []
        }
    }

    @Test func `where a word is one of few, an editor offers those`() {
        for place in Place.allCases {
            for key in place.keys {
                let node = editor.value(of: key.word.rawValue, in: editor.node(of: place))
                for words in choices(of: key.shape) {
                    let offered = editor.words(node) + editor.words(editor.item(of: node))
                    #expect(Set(words).isSubset(of: offered), "\(place).\(key.word)")
                }
            }
        }
    }

    private func choices(of shape: Shape) -> [[String]] {
        switch shape {
        case .choice(let words): [words]
        case .list(let item): choices(of: item)
        case .either(let shapes): shapes.flatMap(choices)
        case .text, .template, .expression, .flag, .no, .integer, .decimal, .duration, .size,
            .nothing, .table, .codes, .fields:
            []
        }
    }

    @Test func `every mapping has a title, and alternatives look different`() {
        for place in Place.allCases {
            #expect(editor.node(of: place).first?["title"] is String, "\(place)")
        }
        for alternatives in editor.alternatives() {
            let titles = alternatives.map { editor.resolved($0)["title"] as? String }
            #expect(!titles.contains(nil), "\(alternatives)")
            #expect(Set(titles).count == titles.count, "\(titles)")
        }
    }

    @Test func `every key says in a sentence what it means`() {
        for place in Place.allCases {
            for key in place.keys {
                #expect(key.meaning.count > 8 && key.meaning.hasSuffix("."), "\(place).\(key.word)")
            }
        }
    }
}

/// An editor with a schema: a position is all the schemas that may hold there.
private struct Editor {
    typealias Schema = [String: Any]
    typealias Node = [Schema]

    private let schema: Schema

    init(_ text: String) throws {
        let read = try JSONSerialization.jsonObject(with: Data(text.utf8))
        schema = try #require(read as? Schema)
    }

    var root: Node { [schema] }

    func node(of place: Place) -> Node {
        place == .pipeline ? root : expanded(["$ref": "#/$defs/\(place)"])
    }

    /// The keys that may be completed in a mapping here, with what is shown beside them.
    func offers(_ node: Node) -> [String: String] {
        var offers: [String: String] = [:]
        for schema in node {
            for (key, value) in schema["properties"] as? [String: Schema] ?? [:] {
                offers[key] = value["description"] as? String ?? ""
            }
        }
        return offers
    }

    /// The words that may be completed as a value here.
    func words(_ node: Node) -> [String] { node.flatMap { $0["enum"] as? [String] ?? [] } }

    /// Where an editor is behind a key.
    func value(of key: String, in node: Node) -> Node {
        node.flatMap { schema -> Node in
            let properties = schema["properties"] as? [String: Schema] ?? [:]
            if let value = properties[key] { return expanded(value) }
            let patterns = schema["patternProperties"] as? [String: Schema] ?? [:]
            for (pattern, value) in patterns
            where key.range(of: pattern, options: .regularExpression) != nil {
                return expanded(value)
            }
            return (schema["additionalProperties"] as? Schema).map(expanded) ?? []
        }
    }

    /// Where an editor is in a list.
    func item(of node: Node) -> Node {
        node.flatMap { ($0["items"] as? Schema).map(expanded) ?? [] }
    }

    func resolved(_ schema: Schema) -> Schema {
        guard let reference = schema["$ref"] as? String else { return schema }
        let name = String(reference.dropFirst("#/$defs/".count))
        return (self.schema["$defs"] as? [String: Schema])?[name] ?? [:]
    }

    /// All lists of alternatives that the schema has.
    func alternatives() -> [[Schema]] { alternatives(below: schema) }

    private func expanded(_ schema: Schema) -> Node {
        let alternatives = schema["anyOf"] as? [Schema] ?? []
        return [resolved(schema)] + alternatives.filter { $0["required"] == nil }.flatMap(expanded)
    }

    private func alternatives(below value: Any) -> [[Schema]] {
        if let list = value as? [Any] { return list.flatMap(alternatives) }
        guard let schema = value as? Schema else { return [] }
        let own = (schema["anyOf"] as? [Schema] ?? []).filter { $0["required"] == nil }
        return (own.isEmpty ? [] : [own]) + schema.values.flatMap(alternatives)
    }
}
