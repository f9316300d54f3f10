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
            #expect(mapping?["additionalProperties"] as? Bool == (place == .matrix ? nil : false))
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
