import Core
import Testing

@Suite struct ExpressionTypingTests {
    private static let scope = Scope(
        phase: .ready,
        isCondition: true,
        matrix: ["swift", "os"],
        inputs: ["level": .text, "tries": .number, "dry": .flag],
        variables: .known(["HOME"]),
        needs: ["test", "lint all"]
    )

    @Test(arguments: [
        ("branch == 'main'", ExpressionType.flag), ("build >= 10", .flag), ("build", .number),
        ("matrix.swift", .text), ("inputs.dry && inputs.tries < 3", .flag), ("env.HOME", .text),
        ("needs.test.result == 'success'", .flag), ("needs['lint all'].outputs.n", .text),
        ("changed_files", .texts), ("changed_files =~ 'docs/**'", .flag), ("always()", .flag),
        ("branch in ['main', tag]", .flag), ("contains(changed_files, 'a')", .flag),
        ("contains(message, '[skip]')", .flag), ("semver =~ '1.*'", .flag),
        ("changed() && !cancelled()", .flag),
    ])
    func `types are known before anything runs`(source: String, type: ExpressionType) throws {
        #expect(try Expression(source).type(in: Self.scope) == type)
    }

    @Test(
        arguments: [
            (
                "matrix.swift == 6.10",
                "'==' wants two texts, two numbers or two flags, and these are a text and a number",
                "a text is compared with a text between ' quotes, such as '6.10'"
            ),
            (
                "matrix.swift < '6.9'", "'<' wants two numbers, and these are a text and a text",
                "texts have no order: '6.10' would come before '6.9'"
            ),
            (
                "event in 'push'",
                "'in' wants a text and a list of texts, and these are a text and a text",
                "write contains(text, part)"
            ),
            (
                "changed_files == ['a']",
                "'==' wants two texts, two numbers or two flags, "
                    + "and these are a list of texts and a list of texts", nil
            ),
            (
                "build =~ '1*'",
                "'=~' wants a text or a list, and a pattern, and these are a number and a text",
                nil
            ),
            ("branch && true", "'&&' wants true or false, and this is a text", nil),
            ("true || build", "'||' wants true or false, and this is a number", nil),
            ("!branch", "'!' wants true or false, and this is a text", nil),
            ("event in ['a', build]", "a list holds texts, and this is a number", nil),
            ("startsWith(branch, build)", "startsWith() wants texts, and this is a number", nil),
            (
                "contains(build, '1')",
                "contains() looks into a text or a list, and this is a number", nil
            ),
            (
                "contains(branch, true)", "contains() looks for a text, and this is true or false",
                nil
            ),
            ("brnch == 'a'", "no value is called 'brnch'", "did you mean 'branch'?"),
            ("matrix.swfit == 'a'", "the matrix has no axis 'swfit'", "did you mean 'swift'?"),
            ("matrix == 'a'", "'matrix' is not a value", "write matrix.NAME"),
            ("inputs.lvl == 'a'", "no input is called 'lvl'", "there are dry, level and tries"),
            ("env.HOMES == 'a'", "no variable above is called 'HOMES'", "did you mean 'HOME'?"),
            ("needs.tst.result == ''", "this job does not need 'tst'", "did you mean 'test'?"),
            ("needs.deploy.result == ''", "this job does not need 'deploy'", "add it to 'needs'"),
            (
                "needs.test == ''", "'needs.test' is not a value",
                "write needs.JOB.result or needs.JOB.outputs.NAME"
            ),
            ("branch.name == ''", "'branch' has no parts", nil),
            (
                "hash('a') == ''",
                "'hash()' is known while the job runs, and this is decided when the job is ready to start",
                nil
            ),
        ] as [(String, String, String?)]
    )
    func `what does not fit together is found, with what would be right`(
        source: String,
        message: String,
        hint: String?
    ) {
        let error = #expect(throws: ExpressionError.self) {
            try Expression(source).type(in: Self.scope)
        }
        #expect(error?.message == message)
        #expect(error?.hint == hint)
    }

    @Test(arguments: [
        (
            "needs.test.outputs.v", Availability.planning,
            "'needs.test.outputs.v' is known when the job is ready to start, "
                + "and this is decided when the build is planned"
        ),
        (
            "build", .planning,
            "'build' is known when the job is ready to start, "
                + "and this is decided when the build is planned"
        ),
        (
            "semver", .planning,
            "'semver' is known when the job is ready to start, "
                + "and this is decided when the build is planned"
        ),
        (
            "hash('a')", .planning,
            "'hash()' is known while the job runs, and this is decided when the build is planned"
        ),
        ("success()", .running, "success() stands only in an 'if'"),
        ("channel", .planning, "no value is called 'channel'"),
    ])
    func `a later name in an earlier place says when it is known`(
        source: String,
        phase: Availability,
        message: String
    ) {
        let error = #expect(throws: ExpressionError.self) {
            try Template("v${{ \(source) }}").check(in: Self.scope.at(phase))
        }
        #expect(error?.message == message)
        #expect(error?.range == 5..<(5 + source.utf8.count))
    }

    @Test func `where there is no matrix, no input, no variable, that is said`() {
        let bare = Scope(phase: .planning)
        for (source, message) in [
            ("matrix.a", "there is no matrix here"),
            ("inputs.a", "this file declares no inputs"),
            ("env.A", "variables of 'env' cannot be used here"),
        ] {
            let error = #expect(throws: ExpressionError.self) {
                try Expression(source).type(in: bare)
            }
            #expect(error?.message == message)
        }
    }

    @Test func `while a job runs, any variable may have been set`() throws {
        #expect(try Expression("env.SET_LATER").type(in: Self.scope.at(.running)) == .text)
    }

    @Test func `a condition is true or false`() throws {
        try Expression("branch != ''").requireFlag(in: Self.scope)
        let error = #expect(throws: ExpressionError.self) {
            try Expression("branch").requireFlag(in: Self.scope)
        }
        #expect(error?.message == "a condition is true or false, and this is a text")
    }
}
