import Testing

@Suite struct ShapeTests {
    private static let fileLinesMax = 400
    private static let columnsMax = 100

    @Test func `no file is longer than a person reads in one go`() {
        for file in SourceTree.swift + SourceTree.python {
            // The last line ends with a newline too.
            #expect(file.lines.count - 1 <= Self.fileLinesMax, "\(file.path)")
        }
    }

    @Test func `most files are short`() {
        let lengths = SourceTree.swift(below: "Sources").map(\.lines.count).sorted()
        #expect(lengths[lengths.count / 2] < 200)
    }

    /// A text in quotes may run on: broken up, nobody finds it.
    @Test func `no line is wider than the page`() {
        for file in SourceTree.swift + SourceTree.python {
            let outline = file.path.hasSuffix(".py") ? file.text : file.outline
            let lines = outline.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() {
                #expect(line.count <= Self.columnsMax, "\(file.path):\(index + 1)")
            }
        }
    }

    @Test func `nothing is left unfinished`() {
        // Put together here, or this file would find itself.
        let marks = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "XX" + "X", "not impl" + "emented"]
        for file in SourceTree.swift + SourceTree.python {
            for (index, line) in file.lines.enumerated() {
                let mark = marks.first { line.contains($0) }
                #expect(mark == nil, "\(file.path):\(index + 1): \(line)")
            }
        }
    }

    @Test func `the program never gives up on purpose`() {
        for file in SourceTree.swift(below: "Sources") {
            #expect(file.places(of: #/\bfatalError\(|\btry!|\bas!/#) == [])
        }
    }

    @Test func `a task without a parent and a promise without a proof say why`() {
        let loose =
            #/
            (?:^|[^.\w])Task\s*\{|Task\.detached|@unchecked\hSendable|nonisolated\(unsafe\)
            /#
        for file in SourceTree.swift(below: "Sources") {
            let lines = file.lines
            for line in file.numbers(of: loose.anchorsMatchLineEndings()) {
                let above = line > 1 ? lines[line - 2] : ""
                let isExplained = [above, lines[line - 1]].contains { $0.contains("//") }
                #expect(isExplained, "\(file.path):\(line): \(lines[line - 1])")
            }
        }
    }

    @Test func `tests wait for events, never for time`() {
        let sleep = #/\b(sleep|usleep|nanosleep)\s*\(/#
        for file in SourceTree.swift(below: "Tests") {
            guard file.path != "Tests/TestSupport/Eventually.swift" else { continue }
            #expect(file.places(of: sleep) == [])
        }
    }

    @Test func `no test is switched off`() {
        for file in SourceTree.swift(below: "Tests") where file.room != "TidyTests" {
            #expect(file.places(of: #/\.disabled\b|\.enabled\(|withKnownIssue/#) == [])
        }
    }

    @Test func `SQL is spoken in Storage and CodeStore only`() {
        let sql =
            #/
            \b(SELECT\s[^;]*?\sFROM|INSERT\s(OR\s\w+\s)?INTO|UPDATE\s\w+\sSET|DELETE\sFROM
            |CREATE\s(TABLE|INDEX|UNIQUE|TRIGGER|VIEW))\b
            /#
        let rooms: Set = ["Storage", "CodeStore", "StorageTests", "CodeStoreTests"]
        for file in SourceTree.swift where !rooms.contains(file.room) {
            // Most files hold none, and looking at every literal apart takes long.
            let all = file.literals.map(\.text).joined(separator: "\n")
            #expect(all.firstMatch(of: sql) == nil, "\(file.path)")
        }
    }

    @Test func `what a build makes is not kept`() throws {
        let made = #/(^|/)\.build|(^|/)Package\.resolved$|\.sqlite|\.db$|__pycache__|\.pyc$/#
        #expect(try SourceTree.tracked().filter { $0.firstMatch(of: made) != nil } == [])
    }
}
