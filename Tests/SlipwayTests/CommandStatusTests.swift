import ArgumentParser
import Core
import Testing

@testable import slipway

@Suite struct CommandStatusTests {
    @Test func `the numbers are those of the contract`() {
        #expect(CommandStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6])
    }

    @Test(
        arguments: zip(
            BuildResult.allCases,
            [.done, .done, .done, .red, .exception, .exception, .cancelled] as [CommandStatus]
        )
    )
    func `a result has its exit code`(result: BuildResult, status: CommandStatus) {
        #expect(CommandStatus(result) == status)
    }

    @Test(
        arguments: zip(
            [400, 401, 403, 404, 409, 412, 422, 429, 500, 502],
            [
                .wrongUse, .refused, .refused, .notFound, .refused, .refused, .wrongUse,
                .exception, .exception, .exception,
            ] as [CommandStatus]
        )
    )
    func `an HTTP status has its exit code`(http: Int, status: CommandStatus) {
        #expect(CommandStatus(http: http) == status)
    }

    @Test(
        arguments: [
            ["nonsense"], ["build", "start"], ["build", "show", "x"], ["logs", "1", "--step", "a"],
            ["build", "start", "shop", "--ref", "a", "--sha", "b"], ["lint", "--nope"],
            ["token", "create", "x", "--kind", "emperor"], ["build", "list", "--result", "good"],
            ["release", "reject", "shop", "1"],
        ]
    )
    func `wrong use is 2 and says what is wrong`(arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) {
            _ = try Slipway.parseAsRoot(arguments)
        }
        let farewell = Slipway.farewell(try #require(error))
        #expect(farewell.status == .wrongUse)
        #expect(farewell.text.hasPrefix("slipway: "))
        #expect(farewell.text.contains("--help"))
    }

    @Test(arguments: [["--help"], ["build", "--help"], ["logs", "-h"], ["--version"]])
    func `help is no error`(arguments: [String]) throws {
        // Subcommands ask for help when they run, the root when it is parsed.
        do {
            var command = try Slipway.parseAsRoot(arguments)
            try command.run()
            Issue.record("nothing was asked for")
        } catch {
            #expect(Slipway.farewell(error).status == .done)
        }
    }

    @Test func `an error of ours shows its hint and nothing that moves the cursor`() {
        let error = CommandError(.refused, "no\u{1B}[2J\nway", hint: "ask Ann")
        let farewell = Slipway.farewell(error)
        #expect(farewell.text == "slipway: no\u{FFFD}[2J way\n  ask Ann")
        #expect(farewell.status == .refused)
    }
}
