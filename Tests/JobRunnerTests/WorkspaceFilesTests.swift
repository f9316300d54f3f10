import Foundation
import Glibc
import JobRunner
import Testing

@Suite(.serialized) struct WorkspaceFilesTests {
    /// A workspace with some content, removed afterwards.
    private func workspace(
        limits: CollectionLimits = CollectionLimits(),
        _ body: (WorkspaceFiles) throws -> Void
    ) throws {
        let root = FileManager.default.temporaryDirectory
            .appending(path: "files-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: root,
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(atPath: root) }
        let files = WorkspaceFiles(root: root, limits: limits)
        for path in ["a.txt", "dist/b", "dist/sub/c.js", "dist/.d", ".git/config"] {
            try files.create(path, below: "", isExecutable: path == "dist/b").write(
                Array(path.utf8)
            )
        }
        try body(files)
    }

    private func link(_ files: WorkspaceFiles, _ path: String, _ target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(files.root)/\(path)",
            withDestinationPath: target
        )
    }

    @Test func `a folder gives its files, in the order of their bytes`() throws {
        try workspace { files in
            let found = try files.collect(below: "dist")
            #expect(found.map(\.path) == [".d", "b", "sub/c.js"])
            #expect(found.map(\.mode) == [0o644, 0o755, 0o644])
            #expect(found.map(\.size) == [7, 6, 13])
            let file = try files.open(found[2], below: "dist")
            #expect(try file.read(at: 0, count: 100) == Array("dist/sub/c.js".utf8))
            #expect(
                found[1].sha256
                    == "543b2d3137eaa1f9a9f131ca12caf8a4e4a71a13f0bfe35483048f064569d51c"
            )
            #expect(try files.collect(below: ".").map(\.path).first == "a.txt")
        }
    }

    @Test(
        "paths and patterns name files from the workspace on",
        arguments: [
            (["a.txt"], ["a.txt"]), (["dist/"], ["dist/.d", "dist/b", "dist/sub/c.js"]),
            (["./dist//b", "dist/b"], ["dist/b"]), (["**/*.js"], ["dist/sub/c.js"]),
            (["dist/*"], ["dist/.d", "dist/b", "dist/sub/c.js"]), (["?.txt"], ["a.txt"]),
            (["d*"], ["dist/.d", "dist/b", "dist/sub/c.js"]), ([".git/config"], [".git/config"]),
            (["**"], ["a.txt", "dist/.d", "dist/b", "dist/sub/c.js"]),
        ]
    )
    func patterns(patterns: [String], paths: [String]) throws {
        try workspace { files in
            let found = try files.collect(matching: patterns).map(\.path)
            #expect(found == paths)
        }
    }

    @Test(
        "a path that could lead out is refused",
        arguments: [
            "../x", "/etc/passwd", "dist/../../x", "a\u{0}b", "dist/..", "..", "**/../x",
        ]
    )
    func escapes(path: String) throws {
        try workspace { files in
            for attempt in [files.collect(below:), { try files.collect(matching: [$0]) }] {
                let error = #expect(throws: JobRunnerError.self) { try attempt(path) }
                #expect(error?.code == .unsafe)
            }
        }
    }

    @Test(
        "a link that leads out is refused and named",
        arguments: [
            "/etc/passwd", "../../x", "sub/../../a.txt", "../..", "sub/../x",
        ]
    )
    func links(target: String) throws {
        try workspace { files in
            try link(files, "dist/link", target)
            for patterns in [["dist"], ["**"], ["dist/link"]] {
                let error = #expect(throws: JobRunnerError.self) {
                    try files.collect(matching: patterns)
                }
                #expect(error?.message.contains("\"dist/link\" is refused") == true)
                #expect(error?.message.contains("leads out of the workspace") == true)
            }
        }
    }

    @Test func `a link that stays inside is kept as a link`() throws {
        try workspace { files in
            try link(files, "dist/link", "./sub/c.js")
            let found = try files.collect(below: "dist")
            #expect(found[2].path == "link")
            #expect(found[2].mode == WorkspaceFile.linkMode)
            #expect(found[2].linkTarget == "./sub/c.js")
            try link(files, "dist/up", "../a.txt")
            #expect(throws: JobRunnerError.self) { try files.collect(below: "dist") }
            #expect(try files.collect(matching: ["dist/up"]).map(\.path) == ["dist/up"])
        }
    }

    @Test func `nothing is reached through a linked folder`() throws {
        try workspace { files in
            try link(files, "way", "dist")
            try link(files, "out", "/etc")
            for path in ["way/b", "out/passwd", "way", "out"] {
                let error = #expect(throws: JobRunnerError.self) {
                    try files.collect(below: path)
                }
                #expect(error?.code == .unsafe)
            }
            #expect(throws: JobRunnerError.self) {
                _ = try files.create("out/slipway", below: "", isExecutable: false)
            }
            #expect(throws: JobRunnerError.self) {
                _ = try files.create("x", below: "way", isExecutable: false)
            }
        }
    }

    @Test func `a file is replaced, not written through`() throws {
        try workspace { files in
            let outside = "\(files.root)-outside"
            try Data("keep".utf8).write(to: URL(filePath: outside))
            defer { try? FileManager.default.removeItem(atPath: outside) }
            try link(files, "trap", outside)
            try files.create("trap", below: "", isExecutable: false).write(Array("new".utf8))
            #expect(try String(contentsOfFile: outside, encoding: .utf8) == "keep")
            try files.link("trap", to: "a.txt", below: "")
            #expect(throws: JobRunnerError.self) {
                try files.link("trap", to: "../a.txt", below: "")
            }
        }
    }

    @Test func `too much is refused`() throws {
        try workspace(limits: CollectionLimits(files: 2)) { files in
            let error = #expect(throws: JobRunnerError.self) { try files.collect(below: "dist") }
            #expect(error?.code == .tooMuch)
        }
        try workspace(limits: CollectionLimits(bytes: 20)) { files in
            let error = #expect(throws: JobRunnerError.self) { try files.collect(below: "dist") }
            #expect(error?.code == .tooMuch)
        }
    }

    @Test("what is not there is named", arguments: ["nothing", "dist/nothing/x", "*.nothing"])
    func missing(path: String) throws {
        try workspace { files in
            let error = #expect(throws: JobRunnerError.self) {
                try files.collect(matching: [path])
            }
            #expect(error?.code == .missing)
        }
    }

    @Test func `a file that changed after it was collected is not given out`() throws {
        try workspace { files in
            let found = try files.collect(below: "dist")
            try files.create("dist/b", below: "", isExecutable: false).write([1])
            let error = #expect(throws: JobRunnerError.self) {
                _ = try files.open(found[1], below: "dist")
            }
            #expect(error?.code == .damaged)
        }
    }

    @Test func `a FIFO is refused, not waited for`() throws {
        try workspace { files in
            #expect(mkfifo("\(files.root)/dist/fifo", 0o600) == 0)
            let error = #expect(throws: JobRunnerError.self) { try files.collect(below: "dist") }
            #expect(error?.code == .unsafe)
        }
    }
}
