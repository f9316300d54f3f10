import Foundation
import Testing
import Wire

/// Holds a message against the JSON that the contract promises, and reads it back.
func expect<Message: Codable>(
    _ message: Message,
    isWrittenAs golden: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let written = try WireCoding.encoder().encode(message)
    let text = String(decoding: written, as: UTF8.self)
    let line = golden.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
    #expect(text == line, sourceLocation: sourceLocation)
    let read = try WireCoding.decoder().decode(Message.self, from: Data(line.utf8))
    let again = try WireCoding.encoder().encode(read)
    #expect(again == written, "reading it back loses something", sourceLocation: sourceLocation)
}

/// Reads a message from JSON text.
func decoded<Message: Decodable>(_ type: Message.Type, _ text: String) throws -> Message {
    try WireCoding.decoder().decode(type, from: Data(text.utf8))
}

/// As messages write it: `2023-11-14T22:13:20.250Z`.
let sampleTime = Date(timeIntervalSince1970: 1_700_000_000.25)
