import Foundation
import Testing

@testable import PipelineFile

/// The table of the language against itself, and against the good files of the corpus.
@Suite struct VocabularyTests {
    @Test func `a key stands once in its mapping`() {
        for place in Place.allCases {
            let words = place.keys.map(\.word)
            #expect(Set(words).count == words.count, "\(place)")
        }
    }

    @Test func `every word stands somewhere`() {
        for word in Word.allCases {
            #expect(Place.allCases.contains { $0.has(word) }, "\(word)")
        }
    }

    @Test func `a foreign word is not one of ours at the same place`() {
        for place in Place.allCases {
            let ours = Set(place.keys.map(\.word.rawValue))
            let theirs = foreignWordsByPlace.filter { $0.places.contains(place) }
                .flatMap(\.groups).flatMap { $0.words.split(separator: " ").map(String.init) }
            #expect(ours.intersection(theirs) == [], "\(place)")
        }
    }

    @Test func `a hint that says what to use names a key of ours`() {
        let ours = Set(Word.allCases.map(\.rawValue))
        let all = foreignWordsAnywhere + foreignWordsByPlace.flatMap(\.groups)
        for group in all {
            for match in group.hint.matches(of: #/use '([a-z_]+)/#) {
                #expect(ours.contains(String(match.1)), "\(group.hint)")
            }
        }
    }

    @Test func `the good files use every key in the shape that the table gives it`() throws {
        var walk = ShapeWalk()
        for (name, root) in try goodFiles() {
            walk.visit(root, as: .fields(.pipeline), at: name)
        }
        #expect(walk.misfits == [])
        for place in Place.allCases {
            let missing = place.keys.map(\.word.rawValue)
                .filter { !walk.seen.contains("\(place).\($0)") }
            #expect(missing == [], "\(place)")
        }
    }

    private func goodFiles() throws -> [(String, YAMLNode)] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Corpus/good")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasSuffix(".yml") }.sorted().compactMap { name in
            let text = try SourceText(try Data(contentsOf: folder.appending(path: name)))
            var composer = try YAMLComposer(text)
            return try composer.document().map { (name, $0) }
        }
    }
}

/// Goes through files along the shapes of the table.
private struct ShapeWalk {
    var seen: Set<String> = []
    var misfits: [String] = []

    mutating func visit(_ node: YAMLNode, as shape: Shape, at place: String) {
        guard fits(node, shape) else {
            misfits.append("\(place): \(shape)")
            return
        }
        switch (shape, node.content) {
        case (.either(let shapes), _):
            for shape in shapes.filter({ fits(node, $0) }).prefix(1) {
                visit(node, as: shape, at: place)
            }
        case (.fields(let fields), .mapping(let pairs)):
            for pair in pairs { visit(pair, in: fields, at: "\(place).\(pair.key)") }
        case (.list(let item), .sequence(let items)):
            for node in items { visit(node, as: item, at: place) }
        case (.table(let value), .mapping(let pairs)), (.codes(let value), .mapping(let pairs)):
            for pair in pairs { visit(pair.value, as: value, at: "\(place).\(pair.key)") }
        case _: break
        }
    }

    private mutating func visit(_ pair: YAMLPair, in fields: Place, at place: String) {
        if let key = fields.keys.first(where: { $0.word.rawValue == pair.key }) {
            seen.insert("\(fields).\(pair.key)")
            visit(pair.value, as: key.shape, at: place)
        } else if let shape = fields.ownNames {
            visit(pair.value, as: shape, at: place)
        } else {
            misfits.append("\(place): no such key")
        }
    }

    private func fits(_ node: YAMLNode, _ shape: Shape) -> Bool {
        switch (shape, node.content) {
        case (.either(let shapes), _): shapes.contains { fits(node, $0) }
        case (.nothing, _): node.isNull
        case (_, _) where node.isNull: false
        case (.choice(let words), .scalar(let text, _)): words.contains(text)
        case (.no, .scalar(let text, .plain)): text == "false"
        case (.flag, .scalar(let text, .plain)): text == "true" || text == "false"
        case (.integer(let range), .scalar(let text, .plain)):
            Int(text).map(range.contains) ?? false
        case (.decimal, .scalar(let text, .plain)): Double(text) != nil
        case (.text, .scalar), (.template, .scalar), (.expression, .scalar), (.duration, .scalar),
            (.size, .scalar):
            true
        case (.list, .sequence), (.table, .mapping), (.codes, .mapping), (.fields, .mapping): true
        case _: false
        }
    }
}
