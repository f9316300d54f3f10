import Foundation
import Testing

@testable import PipelineFile

@Suite struct SchemaTests {
    @Test func `the schema has every mapping with every key`() throws {
        let data = Data(pipelineSchema().utf8)
        let schema = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any]
        )
        let places = try #require(schema["$defs"] as? [String: [String: Any]])
        for place in Place.allCases {
            let mapping = place == .pipeline ? schema : places[String(describing: place)]
            let properties = try #require(mapping?["properties"] as? [String: Any])
            #expect(Set(properties.keys) == Set(place.keys.map(\.word.rawValue)))
            #expect(mapping?["additionalProperties"] as? Bool == false)
        }
    }

    @Test func `every reference of the schema leads somewhere`() {
        let schema = pipelineSchema()
        for match in schema.matches(of: #/"#/\$defs/(\w+)"/#) {
            #expect(Place.allCases.map { String(describing: $0) }.contains(String(match.1)))
        }
        #expect(schema.contains("#/$defs/step"))
    }
}

@Suite struct VocabularyTests {
    @Test func `a key is read now or later, not both, and stands once`() {
        for place in Place.allCases {
            let words = place.keys.map(\.word.rawValue) + place.laterKeys
            #expect(Set(words).count == words.count, "\(place)")
        }
    }

    @Test func `a foreign word is not one of ours at the same place`() {
        let ours = Set(Word.allCases.map(\.rawValue))
        #expect(Set(foreignWords.keys).intersection(ours) == [])
    }

    @Test func `every word stands somewhere`() {
        for word in Word.allCases {
            #expect(Place.allCases.contains { $0.has(word) }, "\(word)")
        }
    }

    @Test(
        arguments: zip(
            ["timeuot", "Image", "allow-failure", "stepss", "xyz", "e", ""],
            ["timeout", "image", "allow_failure", "steps", nil, nil, nil] as [String?]
        )
    )
    func `the nearest word is found, or none`(typo: String, word: String?) {
        let words = ["image", "timeout", "steps", "allow_failure", "env"]
        #expect(nearest(to: typo, among: words) == word)
    }
}
