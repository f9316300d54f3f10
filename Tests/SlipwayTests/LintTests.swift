import Core
import Foundation
import LocalRun
import Testing

@testable import slipway

@Suite struct LintTests {
    private func lint(_ files: [String] = [], in folder: String) throws -> [String] {
        try LintCommand.checks(of: files, in: folder).flatMap(\.problems).map(\.description)
    }

    @Test func `problems have the path that was given`() throws {
        try withFolder(["main.yml": "imgae: x\nsteps: [{ run: y, image: z }]\n"]) { folder in
            for file in ["\(folder)/main.yml", "\(folder)/pipelines/main.yml"] {
                let told = try lint([file], in: folder)
                #expect(
                    told == [
                        "\(file):1:1: unknown key 'imgae' in a pipeline (did you mean 'image'?)"
                    ]
                )
            }
        }
    }

    @Test func `without files all pipelines of the folder are meant, and those they use`() throws {
        let files = [
            "b.yml": "jobs: { a: { uses: ./pipelines/lib/x.yml, with: { yy: 1 } } }\n",
            "a.yaml": "image: x\nsteps: []\n", "c.txt": "",
            "lib/x.yml": "inputs: { y: {} }\nimage: z\nsteps: [{ run: w }]\n",
            "lib/bad.yml": "jobs: 1\n",
        ]
        try withFolder(files) { folder in
            let told = try lint(in: folder)
            #expect(told.count == 3, "\(told)")
            #expect(told[0].hasPrefix("pipelines/a.yaml:2:"))
            #expect(told[1].hasPrefix("pipelines/lib/bad.yml:1:"))
            #expect(told[2].hasPrefix("pipelines/b.yml:1:"))
            #expect(told[2].contains("did you mean 'y'?"))
        }
        try withFolder([:]) { folder in
            #expect(throws: CommandError.self) { try lint(in: folder) }
        }
    }

    @Test func `a file that is not there is not found`() {
        let error = #expect(throws: CommandError.self) {
            try LintCommand.checks(of: ["/nowhere/main.yml"])
        }
        #expect(error?.status == .notFound)
    }

    @Test func `the verdict counts`() {
        #expect(LintCommand.verdict(problems: 0, files: 1) == "1 file: nothing is wrong")
        #expect(LintCommand.verdict(problems: 1, files: 2) == "2 files: 1 problem")
        #expect(LintCommand.verdict(problems: 3, files: 2) == "2 files: 3 problems")
    }

    /// A folder with these files in its `pipelines/`, those at the top beside it too.
    private func withFolder(
        _ files: [String: String],
        _ body: (String) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "slipway-lint-\(UUID().uuidString)")
        let lib = folder.appending(path: "pipelines/lib")
        try FileManager.default.createDirectory(at: lib, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.appending(path: "pipelines/\(name)"))
            guard !name.contains("/") else { continue }
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        try body(folder.path)
    }
}
