import Core
import Foundation
import Testing

@testable import slipway

@Suite struct LintTests {
    @Test func `problems have the path that was given`() throws {
        try withFolder { folder in
            let file = folder + "/main.yml"
            try Data("imgae: x\nsteps: [{ run: y, image: z }]\n".utf8).write(
                to: URL(filePath: file)
            )
            let problems = try LintCommand.problems(of: file)
            #expect(
                problems.map(\.description) == [
                    "\(file):1:1: unknown key 'imgae' in a pipeline (did you mean 'image'?)"
                ]
            )
        }
    }

    @Test func `without files all pipelines of the folder are meant`() throws {
        try withFolder { folder in
            #expect(throws: CommandError.self) { try LintCommand.pipelines(below: folder) }
            for name in ["b.yml", "a.yaml", "c.txt"] {
                try Data().write(to: URL(filePath: "\(folder)/\(name)"))
            }
            #expect(
                try LintCommand.pipelines(below: folder) == ["\(folder)/a.yaml", "\(folder)/b.yml"]
            )
        }
    }

    @Test func `a file that is not there is not found`() {
        let error = #expect(throws: CommandError.self) {
            try LintCommand.problems(of: "/nowhere/main.yml")
        }
        #expect(error?.status == .notFound)
    }

    @Test func `the verdict counts`() {
        #expect(LintCommand.verdict(problems: 0, files: 1) == "1 file: nothing is wrong")
        #expect(LintCommand.verdict(problems: 1, files: 2) == "2 files: 1 problem")
        #expect(LintCommand.verdict(problems: 3, files: 2) == "2 files: 3 problems")
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "slipway-lint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }
}
