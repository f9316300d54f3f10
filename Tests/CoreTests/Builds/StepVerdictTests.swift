import Core
import Testing

@Suite struct StepVerdictTests {
    private func step(
        allowFailure: Bool = false,
        retry: RetryRule? = nil,
        _ exitCodes: [Int: ExitMeaning] = [77: .skipped, 3: .warnings, 4: .failure, 75: .exception]
    ) -> StepSpec {
        StepSpec(
            name: "s",
            action: .run(script: "x"),
            allowFailure: allowFailure,
            retry: retry,
            exitCodes: exitCodes
        )
    }

    @Test(arguments: [
        (StepEnding.exited(0), BuildResult.success, BuildResult.success),
        (.exited(1), .failure, .warnings), (.exited(77), .skipped, .skipped),
        (.exited(3), .warnings, .warnings), (.exited(4), .failure, .warnings),
        (.exited(75), .exception, .exception), (.exited(137), .failure, .warnings),
        (.timedOut, .failure, .warnings), (.broke, .exception, .exception),
    ])
    func `an end means what its step says`(
        ending: StepEnding,
        strict: BuildResult,
        allowed: BuildResult
    ) {
        #expect(verdict(of: step(), on: ending) == strict)
        #expect(verdict(of: step(allowFailure: true), on: ending) == allowed)
    }

    @Test func `even zero may mean something else`() {
        #expect(verdict(of: step([0: .failure]), on: .exited(0)) == .failure)
        #expect(verdict(of: step([1: .success]), on: .exited(1)) == .success)
    }

    private static let endings: [StepEnding] = [
        .exited(0), .exited(1), .exited(3), .exited(75), .exited(76), .exited(77), .timedOut,
        .broke,
    ]

    @Test(arguments: [
        (RetryRule(max: 1), [false, true, false, true, true, false, true, true]),
        (
            RetryRule(max: 1, causes: [.exception]),
            [false, false, false, true, false, false, false, true]
        ),
        (
            RetryRule(max: 1, causes: [.timeout]),
            [false, false, false, false, false, false, true, false]
        ),
        (
            RetryRule(max: 1, causes: [.failure]),
            [false, true, false, false, true, false, false, false]
        ),
        (
            RetryRule(max: 1, causes: [.code(76), .code(77), .code(0)]),
            [false, false, false, false, true, false, false, false]
        ),
        (RetryRule(max: 1, causes: []), [false, false, false, false, false, false, false, false]),
    ])
    func `only what its rule names is tried again, and never what went well`(
        rule: RetryRule,
        expected: [Bool]
    ) {
        for allowFailure in [false, true] {
            let step = step(allowFailure: allowFailure, retry: rule)
            let answers = Self.endings.map {
                isRetried(step, after: $0, tries: 1, isCancelled: false)
            }
            #expect(answers == expected)
        }
    }

    @Test func `there are no more tries than the rule allows, and none after a cancel`() {
        let step = step(retry: RetryRule(max: 2))
        let tries = [1, 2, 3].map {
            isRetried(step, after: .exited(1), tries: $0, isCancelled: false)
        }
        #expect(tries == [true, true, false])
        #expect(!isRetried(step, after: .exited(1), tries: 1, isCancelled: true))
        #expect(!isRetried(self.step(), after: .exited(1), tries: 1, isCancelled: false))
    }
}
