import Core
import Docker
import Foundation
import JobRunner
import Testing

/// What the pipeline language asks of one step beside its command.
@Suite(.serialized) struct StepLanguageTests {
    private func changed(_ step: StepSpec, _ change: (inout StepSpec) -> Void) -> StepSpec {
        var step = step
        change(&step)
        return step
    }

    @Test func `outputs, variables, a summary and jobs come out of a step`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = """
                echo kind=big >>"$CI_OUTPUT"
                printf 'notes<<END\\none\\ntwo\\nEND\\n' >>"$GITHUB_OUTPUT"
                echo COLOR=blue >>"$CI_ENV"
                echo '# Done' >>"$GITHUB_STEP_SUMMARY"
                echo 'jobs: {}' >"$CI_JOBS"
                """
            let (berth, outcome) = try await fixture.run([
                .run(script),
                .run(
                    "echo color $COLOR; echo kind=small >>$CI_OUTPUT",
                    environment: ["COLOR": "x"]
                ),
            ])
            #expect(outcome.result == .success)
            #expect(outcome.outputs == ["kind": "small", "notes": "one\ntwo"])
            #expect(outcome.summary == "# Done\n")
            #expect(outcome.generatedJobs == ["jobs: {}\n"])
            #expect(try berth.text(of: 2) == "color blue\n")
        }
    }

    @Test(
        arguments: [
            ("echo nonsense", "line 1 of $CI_OUTPUT"), ("echo ok=1; echo '1x=2'", "line 2 of"),
            ("printf 'a<<END\\nb\\n'", "does not end"),
            ("head -c 70000 /dev/zero | tr '\\0' x | sed 's/^/a=/'", "65536 bytes"),
        ]
    )
    func `nonsense among the outputs fails the step, with its line`(
        script: String,
        complaint: String
    ) async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (_, outcome) = try await fixture.run([.run("(\(script)) >>$CI_OUTPUT")])
            #expect(outcome.result == .failure)
            #expect(outcome.steps[1].reason?.contains(complaint) == true)
        }
    }

    @Test func `a link in the place of an output file is not followed`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (_, outcome) = try await fixture.run([
                .run("ln -sf /etc/passwd $CI_SUMMARY; true")
            ])
            #expect(outcome.result == .failure)
            #expect(outcome.summary == nil)
        }
    }

    @Test func `exit codes mean what the file says`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let meanings: [Int: ExitMeaning] = [3: .warnings, 77: .skipped, 9: .success]
            let steps = [3, 77, 9].map { code in
                changed(.run("exit \(code)")) { $0.exitCodes = meanings }
            }
            let (_, outcome) = try await fixture.run(steps)
            #expect(outcome.steps.dropFirst().map(\.result) == [.warnings, .skipped, .success])
            #expect(outcome.steps.dropFirst().map(\.exitCode) == [3, 77, 9])
            #expect(outcome.result == .warnings)
        }
    }

    @Test func `a step is tried again, and its log holds every try`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = "echo x >>tries; echo try $(wc -l <tries); test $(wc -l <tries) = 3"
            let step = changed(.run(script)) { $0.retry = RetryRule(max: 2) }
            let (berth, outcome) = try await fixture.run([step])
            #expect(outcome.result == .success)
            #expect(
                try berth.text(of: 1) == """
                    try 1
                    --- try 1 ended with exit code 1; this is try 2 ---
                    try 2
                    --- try 2 ended with exit code 1; this is try 3 ---
                    try 3

                    """
            )
        }
    }

    @Test func `tries end, and only what the file names is tried again`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let often = changed(.run("echo x >>a; exit 7")) {
                $0.retry = RetryRule(max: 1, causes: [.code(7)])
                $0.allowFailure = true
            }
            let never = changed(.run("echo x >>b; exit 8")) {
                $0.retry = RetryRule(max: 5, causes: [.code(7)])
                $0.allowFailure = true
            }
            let (berth, outcome) = try await fixture.run([
                often, never, .run("wc -l <a; wc -l <b"),
            ])
            #expect(outcome.result == .warnings)
            #expect(try berth.text(of: 3) == "2\n1\n")
        }
    }

    @Test func `a step that took too long is tried again in a fresh container`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let step = changed(.run("test -e once || { touch once; sleep 60; }; echo fine")) {
                $0.timeout = .seconds(1)
                $0.retry = RetryRule(max: 1, causes: [.timeout])
            }
            let (berth, outcome) = try await fixture.run([step])
            #expect(outcome.result == .success, "\(outcome)")
            #expect(try berth.text(of: 1).hasSuffix("this is try 2 ---\nfine\n"))
        }
    }

    @Test func `a step that writes nothing for too long ends`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let step = changed(.run("echo begin; sleep 60")) { $0.idleTimeout = .seconds(1) }
            let (berth, outcome) = try await fixture.run([step])
            #expect(outcome.result == .failure)
            #expect(outcome.steps[1].reason == "wrote nothing for 1s")
            #expect(try berth.text(of: 1) == "begin\n")
        }
    }

    @Test func `a shell is what the file says, whatever is in its name`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await fixture.run([
                changed(.run("hello\n")) { $0.shell = "/bin/cat" },
                changed(.run("false; echo on")) { $0.shell = "/bin/sh" },
                changed(.run("true", if: .always)) { $0.shell = "/bin/$(touch /workspace/x)" },
                .run("ls", if: .always),
            ])
            #expect(try berth.text(of: 1) == "hello\n")
            #expect(outcome.steps[2].result == .failure)
            #expect(try berth.text(of: 2).isEmpty)
            #expect(outcome.steps[3].result == .failure)
            #expect(try berth.text(of: 4).isEmpty)
        }
    }

    @Test func `conditions see what earlier steps have set`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let wanted = Condition(try Expression("env.GO == 'yes'"))
            let steps: [StepSpec] = [
                .run("true", if: wanted), .run("echo GO=yes >>$CI_ENV"), .run("true", if: wanted),
            ]
            let (_, outcome) = try await fixture.run(steps)
            #expect(outcome.steps.map(\.result) == [.success, .skipped, .success, .success])
        }
    }

    @Test func `a job gets the memory and processors it asks for, and no more`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = """
                cd /sys/fs/cgroup
                cat memory.max memory/memory.limit_in_bytes 2>/dev/null || true
                cat cpu.max cpu/cpu.cfs_quota_us 2>/dev/null || true
                """
            var assignment = JobAssignment.of([.run(script)])
            assignment.spec.resources = Resources(millicpu: 500, memory: ByteSize(bytes: 48 << 20))
            let berth = try fixture.runner.moor(assignment)
            #expect(try await fixture.run(berth).result == .success)
            let lines = try berth.text(of: 1).split(whereSeparator: { $0 == "\n" || $0 == " " })
            #expect(lines.prefix(2) == ["\(48 << 20)", "50000"])
        }
    }

    @Test func `a plug-in image runs its own program with its settings`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let image = try await plugin(
                entrypoint: ["/bin/sh", "-c", "echo \"$0 $1 $PLUGIN_DRY_RUN\"; exit 3", "it's"],
                command: ["go on"],
                in: fixture
            )
            var step = StepSpec(name: "plug", action: .plugin, image: image)
            step.environment = ["PLUGIN_DRY_RUN": Template(constant: "yes")]
            step.exitCodes = [3: .warnings]
            let (berth, outcome) = try await fixture.run([step, .run("echo on", image: image)])
            #expect(outcome.result == .warnings, "\(outcome)")
            #expect(try berth.text(of: 1) == "it's go on yes\n")
            #expect(try berth.text(of: 2) == "on\n")
        }
    }

    @Test func `an image without a program is no plug-in`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let image = try await plugin(entrypoint: [], command: [], in: fixture)
            let (_, outcome) = try await fixture.run([
                StepSpec(name: "plug", action: .plugin, image: image)
            ])
            #expect(outcome.result == .failure)
            #expect(outcome.reason?.contains("names no program to run") == true)
        }
    }

    @Test func `a plug-in without a shell runs in a container of its own, each time anew`()
        async throws
    {
        try await JobRunnerFixture.scoped { fixture in
            let remove = "RUN [\"/bin/busybox\", \"rm\", \"-f\", \"/bin/sh\"]\n"
            let image = try await plugin(
                entrypoint: ["/bin/busybox"],
                command: ["env"],
                more: remove,
                in: fixture
            )
            let missing = try await plugin(
                entrypoint: ["/bin/busybox", "cat"],
                command: ["/nothing"],
                more: remove,
                in: fixture
            )
            var good = StepSpec(name: "good", action: .plugin, image: image)
            good.environment = ["PLUGIN_MESSAGE": Template(constant: "it's here")]
            var bad = StepSpec(name: "bad", action: .plugin, image: missing)
            bad.retry = RetryRule(max: 1)
            var secret = StepSpec(name: "secret", action: .plugin, condition: .always, image: image)
            secret.secrets = [SecretRequest(variable: "PLUGIN_MESSAGE", from: "word")]
            let berth = try fixture.runner.moor(.of([good, bad, secret]))
            let outcome = try await fixture.run(berth, secrets: ["word": "long enough"])
            #expect(outcome.steps.map(\.result) == [.success, .success, .failure, .failure])
            #expect(try berth.text(of: 1).contains("\nPLUGIN_MESSAGE=it's here\n"))
            #expect(outcome.steps[2].exitCode == 1)
            #expect(try berth.text(of: 2).contains("this is try 2 ---"))
            #expect(outcome.steps[3].reason?.contains("has no /bin/sh") == true)
            await fixture.runner.release(berth)
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    /// An image made of busybox, built by its content as a pipeline's own are.
    private func plugin(
        entrypoint: [String],
        command: [String],
        more: String = "",
        in fixture: JobRunnerFixture
    ) async throws -> ImageSource {
        let folder = "\(fixture.root)/plug"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let words = try [entrypoint, command].map {
            String(decoding: try encoder.encode($0), as: UTF8.self)
        }
        let text = "FROM busybox:1\n\(more)ENTRYPOINT \(words[0])\nCMD \(words[1])\n"
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/Dockerfile"))
        let name = "slipway-test-plug:\(entrypoint.count)-\(more.count)"
        try await DockerEngine().build(folder, tag: try ImageReference(name)) { _ in }
        return .reference(name)
    }

    @Test func `a step reads the whole context of its job from a file`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            var assignment = JobAssignment.of([.run("cat $CI_CONTEXT; echo $CI_MATRIX_SWIFT_V")])
            assignment.spec.matrix = ["swift-v": "6.10"]
            assignment.about = .sample(of: assignment.spec)
            let berth = try fixture.runner.moor(assignment)
            #expect(try await fixture.run(berth).result == .success)
            let text = try berth.text(of: 1)
            #expect(text.contains("\"short_sha\" : \"01234567\""))
            #expect(text.contains("\"swift-v\" : \"6.10\""))
            #expect(text.hasSuffix("\n6.10\n"))
        }
    }

    @Test func `a built-in action gets what earlier steps have set`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let actions = TestActions()
            let promote = StepSpec(
                name: "move",
                action: .promote(unit: try Template("u${{ env.N }}"), channel: try Template("dev"))
            )
            let (_, outcome) = try await fixture.run(
                [.run("echo N=7 >>$CI_ENV"), promote],
                actions: actions
            )
            #expect(outcome.result == .success)
            #expect(actions.units == ["u7"])
        }
    }

    @Test func `a variable may hold the digest of files`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            var step = StepSpec.run("echo \"${#A} $B\"")
            step.environment = [
                "A": try Template("${{ hash('a*', 'b') }}"),
                "B": try Template("${{ hash('nowhere/**') }}"),
            ]
            let source = TestSource(files: ["a1": "x", "b": "y"])
            let (berth, outcome) = try await fixture.run([step], source: source)
            #expect(outcome.result == .success, "\(outcome)")
            #expect(try berth.text(of: 1) == "64 \n")
        }
    }
}

extension JobContext {
    static func sample(of spec: JobSpec) -> JobContext {
        let sha = String(repeating: "0123456789", count: 4)
        let repository = Repository(
            id: RepositoryID(1),
            name: "shop",
            url: "/shop",
            defaultBranch: "main",
            createdAt: Date()
        )
        let build = Build(
            id: BuildID(1),
            repository: repository.id,
            repositoryName: "shop",
            number: 3,
            pipeline: "main",
            event: .push,
            ref: "refs/heads/main",
            sha: sha,
            message: "m",
            author: "a",
            reason: "",
            state: .running,
            createdAt: Date()
        )
        return JobContext(of: spec, in: build, repository, names: Names())
    }
}
