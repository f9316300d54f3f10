import Conversion
import Foundation
import Testing

/// The files below `Golden`, each with what it becomes beside it.
///
/// With `UPDATE_EXPECTED=1` the tests write down what they see instead; look at the difference.
@Suite struct GoldenTests {
    @Test(arguments: Golden.files)
    func `a file becomes what stands beside it`(file: Golden) throws {
        let conversion = try file.conversion()
        var seen = "\(conversion.outcome)\n"
        for converted in conversion.files {
            seen += "--- pipelines/\(converted.name)\n\(converted.text)"
        }
        if !conversion.remarks.isEmpty { seen += "--- remarks\n" }
        for remark in conversion.remarks {
            seen += "\(remark.line):\(remark.column): \(remark)\n"
        }
        let place = file.place.deletingPathExtension().appendingPathExtension("expected")
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] != nil {
            try Data(seen.utf8).write(to: place)
        }
        #expect(seen == String(decoding: try Data(contentsOf: place), as: UTF8.self))
    }

    @Test(arguments: Golden.files)
    func `every remark that something was lost is a comment of a new file too`(
        file: Golden
    ) throws {
        let conversion = try file.conversion()
        // Comments are broken between words, so only the words count.
        let text = conversion.files.map(\.text).joined()
            .replacing("#", with: " ").split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        for remark in conversion.remarks where remark.kind == .lost {
            let words = remark.description.split(whereSeparator: \.isWhitespace)
            let line = words.joined(separator: " ").replacing("#", with: " ")
            #expect(text.contains(line), "\(line)")
        }
    }

    @Test(arguments: Golden.files)
    func `no value is put into commands any more`(file: Golden) throws {
        for converted in try file.conversion().files {
            for line in converted.text.split(separator: "\n") {
                let words = line.split(separator: " ")
                if words.first == "run:" || words.prefix(2) == ["-", "run:"] {
                    #expect(!line.contains("${{"), "\(converted.name): \(line)")
                }
            }
        }
    }
}

/// A foreign file of the tests.
struct Golden: CustomTestStringConvertible, Sendable {
    var dialect: Dialect
    var name: String

    var testDescription: String { "\(dialect)/\(name)" }

    static let files: [Golden] = Dialect.allCases.flatMap { dialect in
        let folder = folder(of: dialect)
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { $0.hasSuffix(".yml") }.sorted()
            .map { Golden(dialect: dialect, name: $0) }
    }

    var place: URL { Self.folder(of: dialect).appending(path: name) }

    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: place)) }

    func conversion() throws -> Conversion {
        convert(try bytes(), from: dialect, path: name)
    }

    private static func folder(of dialect: Dialect) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Golden/\(dialect.rawValue)")
    }
}
