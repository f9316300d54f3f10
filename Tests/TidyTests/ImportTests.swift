import Testing

/// The table of the architecture page: what each room may import of packages and other rooms.
///
/// A package may bring more than one module: CYaml is Yams' parser, NIOHTTP1 the methods of
/// AsyncHTTPClient's requests, UnixSignals the signals of ServiceLifecycle's groups.
private let table: [String: Set<String>] = [
    "Core": [],
    "PipelineFile": ["CYaml", "Core", "Yams"],
    "Conversion": ["CYaml", "Yams"],
    "Wire": ["Core"],
    "Site": ["CAssets", "Core", "Mustache"],
    "Storage": ["Core", "Crypto", "GRDB"],
    "CodeStore": ["CZlib", "Core", "Crypto", "GRDB"],
    "Git": ["CLibgit2", "Core"],
    "Docker": ["Logging", "Subprocess", "SystemPackage"],
    "JobRunner": ["Core", "Crypto", "Docker", "Git", "Logging"],
    "LocalRun": ["Core", "Git", "JobRunner", "Logging", "PipelineFile"],
    "Master": [
        "AsyncHTTPClient", "CAssets", "CodeStore", "Core", "Crypto", "Git", "HTTPTypes",
        "Hummingbird", "Logging", "Metrics", "NIOCore", "NIOHTTP1", "PipelineFile",
        "ServiceLifecycle", "Site", "Storage", "Wire",
    ],
    "Worker": [
        "AsyncHTTPClient", "Core", "Crypto", "Git", "JobRunner", "Logging", "NIOCore", "NIOHTTP1",
        "ServiceLifecycle", "Wire",
    ],
    "slipway": [
        "ArgumentParser", "AsyncHTTPClient", "Conversion", "Core", "JobRunner", "LocalRun",
        "Logging", "Master", "NIOCore", "NIOHTTP1", "PipelineFile", "ServiceLifecycle",
        "UnixSignals", "Wire", "Worker",
    ],
]

/// The system's own modules; Core is stricter.
private let system: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
]

/// Rooms that only decide or translate: the file system and the network are not theirs.
private let still: Set<String> = ["Conversion", "Core", "PipelineFile", "Site", "Wire"]

@Suite struct ImportTests {
    @Test func `every room has its line in the table`() {
        let rooms = Set(SourceTree.swift(below: "Sources").map(\.room))
        #expect(rooms.subtracting(table.keys) == [])
    }

    @Test(arguments: table.keys.sorted())
    func `a room imports only what it may`(room: String) {
        for file in SourceTree.swift(below: "Sources/\(room)") {
            let modules = Set(file.imports.map(\.module)).subtracting(system)
            let strangers = modules.subtracting(table[room] ?? [])
            #expect(strangers.isEmpty, "\(file.path) may not import \(strangers.sorted())")
        }
    }

    @Test func `Core imports Foundation values one by one and nothing else of the system`() {
        for file in SourceTree.swift(below: "Sources/Core") {
            for line in file.imports {
                let isValue = line.kind == "struct" || line.kind == "enum"
                #expect(line.module == "Foundation" && isValue, "\(file.path): \(line.text)")
            }
        }
    }

    @Test func `Core has no clock, no logger, no input or output, and waits for nothing`() {
        let busy = #/\b(async|await|Logger|FileManager|FileHandle|ContinuousClock|print)\b/#
        let clock = #/\bDate\(\)|\bDate\.now\b|\bUUID\(\)|\.random\(/#
        for file in SourceTree.swift(below: "Sources/Core") {
            #expect(file.places(of: busy) == [])
            #expect(file.places(of: clock) == [])
        }
    }

    @Test(arguments: still.sorted())
    func `who decides or translates touches no file and no network`(room: String) {
        let world =
            #/
            \b(FileManager|FileHandle|URLSession|Process|DispatchQueue)\b
            |\b(String|Data)\(contentsOf
            /#
        for file in SourceTree.swift(below: "Sources/\(room)") {
            #expect(file.places(of: world) == [])
            #expect(!file.imports.contains { $0.module == "Glibc" }, "\(file.path)")
        }
    }

    @Test func `tests borrow from the program, never the other way`() {
        for file in SourceTree.swift(below: "Sources") {
            let isTest = file.imports.contains {
                $0.module == "Testing" || $0.module.hasSuffix("Tests")
            }
            #expect(
                !isTest && !file.imports.contains { $0.module == "TestSupport" },
                "\(file.path)"
            )
        }
    }
}

/// One line such as `package import struct Foundation.Date`.
private struct Import {
    var module: String
    /// `struct`, `enum`, …; nil where the whole module is imported.
    var kind: String?
    var text: String
}

extension SourceFile {
    fileprivate var imports: [Import] {
        let pattern =
            #/
            ^(?:@\w+(?:\([^)]*\))?\h+)*(?:\w+\h+)?import\h+
            (?:(struct|enum|class|protocol|func|var|let|typealias)\h+)?(\w+)
            /#
        let lines = pattern.anchorsMatchLineEndings()
        return code.matches(of: lines).map { match in
            let (text, kind, module) = match.output
            return Import(module: String(module), kind: kind.map(String.init), text: String(text))
        }
    }
}
