import Testing

/// Words that are not in the dictionary of the architecture page, and the word that is.
private let synonyms: [String: String] = [
    "Agent": "Worker",
    "Buildset": "Build",
    "Deployment": "Promotion",
    "Executor": "JobRunner",
    "Project": "Repository",
    "Runner": "Worker, or JobRunner",
    "Slave": "Worker",
    "Stage": "Job or Channel",
    "Task": "Job or Step",
    "Workflow": "Pipeline",
]

/// Words that say nothing about what a thing is.
private let empty: Set<String> = [
    "Helper", "Helpers", "Manager", "Misc", "Utilities", "Utility", "Util", "Utils",
]

@Suite struct DictionaryTests {
    @Test func `types are named with the words of the dictionary`() {
        for (file, type) in SourceTree.swift.flatMap({ file in file.types.map { (file, $0) } }) {
            for word in words(of: type.replacing("JobRunner", with: "")) {
                if let right = synonyms[word] {
                    Issue.record("\(file.path): \(type) says \(word); the word is \(right)")
                }
                #expect(!empty.contains(word), "\(file.path): what is a \(type)?")
            }
        }
    }

    @Test func `files and folders are named for what is in them`() {
        for file in SourceTree.swift {
            let names = file.path.dropLast(".swift".count).split(separator: "/")
            #expect(!names.contains("Common") && !names.contains("Shared"), "\(file.path)")
            for word in names.flatMap({ words(of: String($0)) }) {
                #expect(!empty.contains(word), "\(file.path)")
            }
        }
    }

    @Test func `a camel-case name falls apart into its words`() {
        #expect(words(of: "HTTPBuildRecord") == ["HTTP", "Build", "Record"])
        #expect(words(of: "JobGraph+Advance") == ["Job", "Graph", "Advance"])
    }

    private func words(of name: String) -> [String] {
        name.matches(of: #/[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+/#).map { String($0.0) }
    }
}

extension SourceFile {
    /// The names of the types it declares.
    fileprivate var types: [String] {
        code.matches(of: #/\b(?:struct|class|enum|actor|protocol|typealias)\s+([A-Z]\w*)/#)
            .map { String($0.1) }
    }
}
