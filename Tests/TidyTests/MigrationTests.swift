import Foundation
import Testing

@Suite struct MigrationTests {
    /// A database out there has run them: what they did cannot be edited, only followed by another.
    @Test func `shipped migrations are never edited`() throws {
        let shipped = SourceTree.root.path + "/Tests/TidyTests/shipped-migrations.txt"
        for line in try String(contentsOfFile: shipped, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count == 2, !line.hasPrefix("#") else { continue }
            let digest = try SourceTree.git(["hash-object", "--", String(parts[1])])
            #expect(
                digest.dropLast() == parts[0],
                "\(parts[1]) was shipped and must stay as it was"
            )
        }
    }

    @Test func `every migration is listed as shipped`() throws {
        let shipped = SourceTree.root.path + "/Tests/TidyTests/shipped-migrations.txt"
        let listed = try String(contentsOfFile: shipped, encoding: .utf8)
        for path in try SourceTree.tracked() where path.contains("/Migrations/") {
            #expect(
                listed.contains(" \(path)\n"),
                "add its line: echo $(git hash-object \(path)) \(path)"
            )
        }
    }
}
