import Core
import Testing

@Suite struct SkipMarkTests {
    @Test(
        arguments: [
            "Fix a comma [skip ci]", "[ci skip] Fix", "Fix\n\nOnly words. [no ci]", "[SKIP CI]",
            "[ skip  ci ]", "[skip-ci]", "[ci-skip]", "[skip actions]", "[actions skip]",
            "Fix ***NO_CI***", "Fix\n\nskip-checks: true",
            "Fix\n\n\nSigned-off-by: Ada\n"
                + "Skip-Checks:true\n",
        ]
    )
    func `a mark anywhere in the message asks for no build`(message: String) {
        #expect(asksToSkip(message, on: .push))
        #expect(asksToSkip(message, on: .pullRequest))
    }

    @Test(
        arguments: [
            "", "Skip ci", "[skip]", "[ci]", "[skip ci", "skip ci]", "[skip the ci]", "[skipci]",
            "**NO_CI**", "skip-checks: true", "Fix\nskip-checks: true\n",
            "Fix\n\nskip-checks: true\n\nAnd more words.", "Fix\n\nskip-checks: false",
            "[skip ci\u{301}]", "[\(String(repeating: " ", count: 100))skip ci]",
        ]
    )
    func `what only looks like a mark asks for nothing`(message: String) {
        #expect(!asksToSkip(message, on: .push))
    }

    @Test(arguments: [Event.tag, .schedule, .pipeline, .manual, .trial])
    func `what is done on purpose is built whatever the message says`(event: Event) {
        #expect(!asksToSkip("[skip ci]", on: event))
    }

    @Test func `a long message of brackets is read in no time`() {
        let message = String(repeating: "[", count: 200_000)
        #expect(!asksToSkip(message, on: .push))
    }
}
