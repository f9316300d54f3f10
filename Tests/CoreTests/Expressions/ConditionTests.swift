import Core
import Foundation
import Testing

@Suite struct ConditionTests {
    @Test(arguments: [
        ("branch == 'main'", "success() && branch == 'main'"),
        ("a || b", "success() && (a || b)"), ("success()", "success"), ("failure()", "failure"),
        ("always()", "always"), ("always() && b", "always() && b"),
        ("!cancelled()", "!cancelled()"), ("changed()", "changed()"),
        ("b && (c || failure())", "b && (c || failure())"),
    ])
    func `what does not ask how things went has success() in front`(
        source: String,
        stored: String
    ) throws {
        let condition = Condition(try Expression(source))
        #expect(condition.rawValue == stored)
        #expect(Condition(rawValue: stored) == condition)
        let decoded = try JSONDecoder().decode(
            [Condition].self,
            from: JSONEncoder().encode([condition])
        )
        #expect(decoded == [condition])
    }

    @Test func `what an older version stored means the same`() throws {
        let stored = Data(#"["success", "failure", "always"]"#.utf8)
        #expect(
            try JSONDecoder().decode([Condition].self, from: stored)
                == [.success, .failure, .always]
        )
        #expect(Condition(rawValue: "a ==") == nil)
    }

    @Test(arguments: [
        ([BuildResult](), false, [true, false, true, false]),
        ([.success, .skipped, .warnings], false, [true, false, true, false]),
        ([.success, .failure], false, [false, true, true, false]),
        ([.exception], false, [false, true, true, false]),
        ([.cancelled], false, [false, true, true, false]),
        ([.retry, .success], false, [false, true, true, false]),
        ([.success], true, [false, false, true, true]),
        ([.failure], true, [false, false, true, true]),
    ])
    func `a step runs after what its condition asks of the steps before it`(
        earlier: [BuildResult],
        isCancelled: Bool,
        expected: [Bool]
    ) throws {
        let names = Names(status: Status(after: earlier, isCancelled: isCancelled))
        let sources = ["success()", "failure()", "always()", "cancelled()"]
        #expect(
            try sources.map { try Condition(Expression($0)).holds(with: names) } == expected
        )
    }

    @Test func `a condition decided to hold is stored as always`() throws {
        let condition = Condition(try Expression("failure() || event == 'push'"))
        let folded = try condition.folded(with: Names(context: [.event: .text("push")]))
        #expect(folded == .always)
        let open = try condition.folded(with: Names(context: [.event: .text("tag")]))
        #expect(open == .failure)
    }

    @Test(
        arguments: [
            (nil, BuildResult.success, false), (nil, .failure, true), (.success, .warnings, false),
            (.success, .failure, true), (.failure, .success, true), (.failure, .exception, false),
            (.cancelled, .success, true),
        ] as [(BuildResult?, BuildResult, Bool)]
    )
    func `a build changed when it turned from good to bad or back`(
        previous: BuildResult?,
        result: BuildResult,
        isChange: Bool
    ) {
        #expect(Status.isChange(from: previous, to: result) == isChange)
        #expect(Status(of: result, previous: previous).isChanged == isChange)
    }
}
