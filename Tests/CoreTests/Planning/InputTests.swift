import Core
import Testing

@Suite struct InputTests {
    private static let definitions = [
        InputDefinition(
            name: "level",
            type: .choice,
            options: ["quick", "full"],
            defaultValue: "quick"
        ),
        InputDefinition(name: "tries", type: .number), InputDefinition(name: "dry", type: .flag),
        InputDefinition(name: "note"), InputDefinition(name: "who", isRequired: true),
    ]

    @Test func `what nobody gave has its default, or nothing`() {
        #expect(
            readInputs(["who": "Ada"], for: Self.definitions, isAsked: true)
                == .values([
                    "level": .text("quick"), "tries": .number(0), "dry": .flag(false),
                    "note": .text(""), "who": .text("Ada"),
                ])
        )
    }

    @Test func `what is given is typed`() {
        let given = ["level": "full", "tries": "-2.50", "dry": "true", "note": "x", "who": ""]
        #expect(
            readInputs(given, for: Self.definitions, isAsked: true)
                == .values([
                    "level": .text("full"), "tries": .number(-2.5), "dry": .flag(true),
                    "note": .text("x"), "who": .text(""),
                ])
        )
    }

    @Test func `everything wrong with them is said`() {
        let given = ["levl": "full", "level": "fast", "tries": "1e3", "dry": "yes"]
        #expect(
            readInputs(given, for: Self.definitions, isAsked: true)
                == .complaints([
                    "there is no input 'levl'; did you mean 'level'?",
                    "the input 'level' is one of quick and full, not 'fast'",
                    "the input 'tries' is a number such as 7 or 2.5, not '1e3'",
                    "the input 'dry' is true or false, not 'yes'",
                    "the input 'who' is required",
                ])
        )
    }

    @Test func `nobody is asked when a push starts the build`() throws {
        var pipeline = Pipeline.of([.job("a", if: "inputs.level == 'quick' && !inputs.dry")])
        pipeline.triggers.manual = ManualTrigger(inputs: Self.definitions)
        let plan = try planned(pipeline)
        #expect(plan.jobs.map(\.name) == ["a"])
        #expect(
            plan.inputs == ["level": "quick", "tries": "0", "dry": "false", "note": "", "who": ""]
        )
        #expect(
            complaints(pipeline, change: .at("refs/heads/main", .manual))
                == ["the input 'who' is required"]
        )
    }

    @Test func `declarations that contradict themselves are problems`() {
        var pipeline = Pipeline.of([.job("a")])
        pipeline.triggers.manual = ManualTrigger(
            inputs: [
                InputDefinition(name: "a b"), InputDefinition(name: "c", type: .choice),
                InputDefinition(name: "n", type: .number, defaultValue: "x"),
                InputDefinition(name: "n"),
            ]
        )
        #expect(
            Set(complaints(pipeline)) == [
                "'a b' is not the name of an input (letters, digits, '_' and '-')",
                "the choice 'c' has no 'options'", "a second input 'n'",
                "the default of 'n' is a number such as 7 or 2.5, not 'x'",
            ]
        )
    }
}
