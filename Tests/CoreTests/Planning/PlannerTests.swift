import Core
import Testing

@Suite struct PlannerTests {
    @Test func `a job becomes the document its worker needs`() throws {
        var job = JobDefinition.job(
            "build",
            steps: [
                .run(
                    "make\nmake test",
                    image: "swift:${{ env.TAG }}",
                    env: ["A": "${{ branch }}", "B": "step"]
                )
            ]
        )
        job.labels = ["${{ event }}", "docker", "docker"]
        job.environment = ["B": "job", "C": "${{ short_sha }}"]
        job.channel = "staging"
        job.caches = [CacheDefinition(key: "c-${{ channel }}-${{ hash('x') }}", paths: ["x"])]
        var pipeline = Pipeline.of([job])
        pipeline.environment = ["TAG": "6.10", "B": "file"]
        pipeline.defaults.timeout = .minutes(30)
        pipeline.defaults.idleTimeout = .minutes(5)
        pipeline.defaults.shell = "/bin/bash"
        pipeline.concurrency = ConcurrencyDefinition(group: "${{ pipeline }}-${{ ref }}")
        pipeline.onResult = [NoticeDefinition(condition: "changed()", target: .mail("blamelist"))]
        let plan = try planned(pipeline)
        #expect(plan.concurrency?.group == "main-refs/heads/main")
        #expect(plan.notices.map(\.condition.rawValue) == ["changed()"])
        let spec = try #require(plan.jobs.first)
        #expect(spec.name == "build" && spec.key == "build")
        #expect(spec.labels == ["push", "docker"])
        #expect(spec.timeout == .minutes(30))
        #expect(spec.idleTimeout == .minutes(5))
        #expect(spec.channel == "staging")
        #expect(spec.caches.map(\.key.source) == ["c-staging-${{ hash('x') }}"])
        let step = try #require(spec.steps.first)
        #expect(step.name == "make")
        #expect(step.image == .reference("swift:6.10"))
        #expect(step.shell == "/bin/bash")
        #expect(
            step.environment.mapValues(\.constant)
                == ["TAG": "6.10", "A": "main", "B": "step", "C": "aaaaaaaa"]
        )
    }

    @Test(
        arguments: [
            ("event == 'push'", nil, "success"), ("event == 'tag'", "event == 'tag'", "false"),
            ("branch == 'main' && always()", nil, "always"),
            ("branch == 'x' && failure()", "branch == 'x' && failure()", "false"),
            (
                "needs.a.result == 'warnings' && event == 'push'", nil,
                "success() && needs.a.result == 'warnings'"
            ),
            ("build == 7 || branch == 'x'", nil, "success() && build == 7"),
            ("env.LEVEL == 'full'", nil, "success"),
            ("changed_files =~ 'docs/**'", "changed_files =~ 'docs/**'", "false"),
        ] as [(Expression, String?, String)]
    )
    func `what the change decides filters a job out, and what it does not stays`(
        condition: Expression,
        unmet: String?,
        stored: String
    ) throws {
        var pipeline = Pipeline.of([.job("a"), .job("b", needs: ["a"], if: condition)])
        pipeline.environment = ["LEVEL": "full"]
        let plan = try planned(pipeline, changedPaths: ["Sources/a"])
        if let unmet {
            #expect(plan.jobs.map(\.name) == ["a"])
            #expect(plan.filtered.map(\.reason) == ["its 'if' does not hold: \(unmet)"])
            #expect(plan.filtered.map(\.spec.condition.rawValue) == [stored])
        } else {
            #expect(plan.filtered.isEmpty)
            #expect(plan.jobs.last?.condition.rawValue == stored)
        }
    }

    @Test func `a step that cannot run says so beforehand`() throws {
        let plan = try planned(
            .of([
                .job(
                    "a",
                    steps: [
                        .run(if: "event == 'tag'"), .run(if: "event == 'push'"),
                        .run(if: "env.SET == 'x'"),
                    ]
                )
            ])
        )
        let steps = try #require(plan.jobs.first?.steps)
        #expect(
            steps.map(\.skipReason) == ["its 'if' does not hold: event == 'tag'", nil, nil]
        )
        #expect(
            steps.map(\.condition.rawValue).dropFirst() == [
                "success", "success() && env.SET == 'x'",
            ]
        )
    }

    @Test func `a variable of a step is asked while it runs, since a step may have set it`() throws
    {
        var job = JobDefinition.job(
            "a",
            steps: [.run(if: "env.A == 'x'", env: ["B": "${{ env.A }}/bin"])]
        )
        job.environment = ["A": "x", "NOT_ASKED": "y"]
        let spec = try #require(try planned(.of([job])).jobs.first)
        // Until a step sets it, it is the job's.
        #expect(spec.variables == ["A": "x"])
        let step = try #require(spec.steps.first)
        #expect(step.condition.rawValue == "success() && env.A == 'x'")
        #expect(step.environment["B"]?.source == "${{ env.A }}/bin")
        let values = try step.environment(with: Names(variables: ["A": "y"]))
        #expect(values == ["A": "x", "B": "y/bin", "NOT_ASKED": "y"])
    }

    @Test func `the settings of a plug-in become variables`() throws {
        var step = StepDefinition.run()
        step.action = .plugin
        step.settings = ["dry-run": "true", "to.x": "${{ tag }}", "key": "k"]
        let spec = try planned(.of([.job("a", steps: [step])]), change: .at("refs/tags/v1", .tag))
        let environment = spec.jobs.first?.steps.first?.environment.mapValues(\.constant)
        #expect(
            environment == ["PLUGIN_DRY_RUN": "true", "PLUGIN_TO_X": "v1", "PLUGIN_KEY": "k"]
        )
        #expect(spec.jobs.first?.steps.first?.action == .plugin)
    }

    @Test func `steps without a name are called after what they do`() throws {
        var steps = [
            StepDefinition.run("\n  make all\nmake test"),
            StepDefinition(
                action: .publish(PublishDefinition(unit: "app", from: "dist")),
                mark: .start
            ),
            StepDefinition(action: .promote(PromoteDefinition(to: "staging")), mark: .start),
            StepDefinition(
                action: .gate(GateDefinition(name: "go-live", approvers: ["team:release"])),
                mark: .start
            ),
        ]
        steps.append(.run(name: "on ${{ branch }}"))
        let specs = try #require(try planned(.of([.job("a", steps: steps)])).jobs.first?.steps)
        #expect(
            specs.map(\.name)
                == ["make all", "publish app", "promote to staging", "gate go-live", "on main"]
        )
        #expect(specs.map(\.action.kind) == [.run, .publish, .promote, .gate, .run])
    }

    @Test func `what is known later is put in later, and an image is an image then too`() throws {
        var job = JobDefinition.job(
            "b",
            needs: ["a"],
            steps: [
                .run(image: "${{ needs.a.outputs.image }}", env: ["N": "${{ build }}"]),
                StepDefinition(
                    action: .publish(
                        PublishDefinition(from: "dist", version: "${{ semver }}+${{ env.X }}")
                    ),
                    mark: .start
                ),
            ]
        )
        job.services = [
            ServiceDefinition(
                name: "db",
                image: "postgres:${{ needs.a.outputs.pg }}",
                environment: ["V": "${{ needs.a.result }}"]
            )
        ]
        let spec = try #require(try planned(.of([.job("a"), job])).jobs.last)
        #expect(spec.steps[0].image == nil && spec.steps[0].openImage != nil)
        var names = Names(context: [.build: .number(7), .semver: .text("1.2.3")])
        names.needs["a"] = NeedOutcome(
            result: .warnings,
            outputs: ["image": "swift:6.1", "pg": "17"]
        )
        let ready = try spec.readied(with: names)
        #expect(ready.steps[0].image == .reference("swift:6.1"))
        #expect(ready.steps[0].openImage == nil)
        #expect(ready.steps[0].environment["N"]?.constant == "7")
        #expect(ready.services.first?.image == .reference("postgres:17"))
        #expect(ready.services.first?.environment["V"]?.constant == "warnings")
        guard case .publish(let publish) = ready.steps[1].action else {
            Issue.record("not a publish")
            return
        }
        #expect(publish.version?.source == "1.2.3+${{ env.X }}")
        names.needs["a"]?.outputs["image"] = "--privileged"
        let error = #expect(throws: ExpressionError.self) { try spec.readied(with: names) }
        #expect(error?.message == "'--privileged' is not an image")
    }

    @Test func `an optional need that does not exist is nobody's`() throws {
        let plan = try planned(
            .of([
                .job("a"),
                .job("b", needs: ["a"], optional: ["docs"], if: "needs.docs.result == 'skipped'"),
            ])
        )
        #expect(plan.jobs.last?.needs == ["a"])
        #expect(plan.jobs.last?.optionalNeeds == [])
        #expect(plan.jobs.last?.condition == .success)
    }

    @Test(arguments: [
        ("--privileged", "'--privileged' is not an image"), ("a b", "'a b' is not an image"),
        ("./containers/../x", "'./containers/../x' is not an image"),
    ])
    func `an image put together from values is held to the same rule`(
        message: String,
        complaint: String
    ) {
        var change = Change.at()
        change.commit.message = message
        let pipeline = Pipeline.of([.job("a", steps: [.run(image: "${{ message }}")])])
        #expect(complaints(pipeline, change: change).first?.hasPrefix(complaint) == true)
    }

    @Test func `names, paths and versions put together from values are held to their rules`() {
        var job = JobDefinition.job(
            "a",
            keeps: ["${{ message }}"],
            steps: [
                StepDefinition(
                    action: .publish(
                        PublishDefinition(
                            unit: "${{ message }}",
                            from: "${{ message }}",
                            version: "${{ message }}",
                            channel: "${{ message }}"
                        )
                    ),
                    mark: .start
                ),
                StepDefinition(
                    action: .promote(PromoteDefinition(to: "${{ message }}")),
                    mark: .start
                ),
            ]
        )
        job.labels = ["${{ message }}"]
        var change = Change.at()
        change.commit.message = "/../ x"
        let found = complaints(.of([job]), change: change)
        #expect(found.contains { $0.hasPrefix("'/../ x' is not a name") })
        #expect(found.contains { $0.hasPrefix("the path '/../ x' is not relative") })
        #expect(found.contains { $0.hasPrefix("'/../ x' is not a version") })
    }

    @Test func `the environments of all steps together have a bound`() {
        let large = Template(constant: String(repeating: "x", count: 60_000))
        var job = JobDefinition.job("a", steps: Array(repeating: .run(), count: 100))
        job.environment = ["A": large]
        #expect(
            complaints(.of([job])) == ["the 'env' of all steps together is larger than 4 MiB"]
        )
    }

    @Test func `the same input gives the same plan`() throws {
        let jobs = (0..<50).map {
            JobDefinition.job("j\($0)", matrix: MatrixDefinition(["a": ["x", "y"]]))
        }
        #expect(try planned(.of(jobs)) == planned(.of(jobs)))
    }
}
