import Core

import struct Foundation.Date

@testable import Site

extension Samples {
    static let failedBuild = BuildPage(
        link: link(1482, "billing", 1482),
        pipeline: "main",
        event: .push,
        ref: "refs/heads/main",
        sha: sha,
        message: """
            Show checkpoint pressure on the health page

            pg_stat_bgwriter tells how often a checkpoint was forced.
            """,
        author: "Ayşe Demir",
        reason: "Ayşe Demir pushed 2 commits to main",
        standing: .finished(.failure),
        createdAt: ago(1802),
        startedAt: ago(1800),
        finishedAt: ago(1588),
        jobs: [
            job(1, "lint", [], .finished(.success), from: 1800, took: 28, worker: "w2"),
            job(2, "docs", [], .finished(.success), from: 1800, took: 42, worker: "w1"),
            job(
                7,
                "test",
                ["lint"],
                .finished(.failure),
                from: 1771,
                took: 183,
                steps: failedSteps
            ),
            job(6, "test-next", ["lint"], .finished(.warnings), from: 1769, took: 178),
            waitingReplay,
            skipped(11, "package", ["test", "docs"], "it needs test, which ended with failure"),
            skipped(12, "publish", ["package"], "it needs package, which ended with skipped"),
        ],
        firstError: FirstError(
            job: JobID(7),
            jobName: "test",
            step: failedSteps[3],
            excerpt: LogSlice(firstLine: 4382, offset: 380_000, bytes: Array(tail.utf8)),
            lines: 4386
        ),
        way: billingWay,
        artifacts: [
            ArtifactRow(
                id: 5,
                name: "coverage",
                job: "test-next",
                files: 1204,
                bytes: 4_300_000,
                digest: "sha256:9f2c61d0aaaa"
            ),
            ArtifactRow(
                id: 6,
                name: "postgres.log",
                job: "test",
                files: 1,
                bytes: 192_512,
                digest: "7d15ab42"
            ),
        ]
    )

    static let tail = """
        tests/test_health.py::test_slow_query_is_named \u{1B}[32mPASSED\u{1B}[0m
        \u{1B}[1;31m____________ test_checkpoint_pressure ____________\u{1B}[0m
            row = session.execute(CHECKPOINTS).one()
        \u{1B}[31mE   UndefinedColumn: column "checkpoints_timed" does not exist\u{1B}[0m
        ==== \u{1B}[31m1 failed\u{1B}[0m, \u{1B}[32m355 passed\u{1B}[0m in 40.12s ====

        """

    static let failedSteps = [
        step(0, "setup", .finished(.success), took: 0.8, log: 312),
        step(1, "install", .finished(.success), took: 14.2, log: 9_800),
        step(2, "unit", .finished(.success), took: 112, log: 188_000),
        step(3, "integration", .finished(.failure), took: 41.7, log: 397_000, exitCode: 1),
        step(4, "tidy", .finished(.success), took: 0.4, log: 0),
        step(
            5,
            "reports",
            .finished(.skipped),
            took: 0,
            log: 0,
            reason: "the step before it failed"
        ),
    ]

    static var waitingReplay: BuildJob {
        var job = BuildJob(id: JobID(10), name: "score-replay", needs: ["lint"], standing: .waiting)
        job.waitingReason = "No worker has the label gpu."
        job.isUnserved = true
        job.waitingSince = ago(1771)
        return job
    }

    static func job(
        _ id: Int64,
        _ name: String,
        _ needs: [String],
        _ standing: Standing,
        from start: Double,
        took: Double? = nil,
        worker: String = "w3",
        attempt: Int = 1,
        steps: [BuildStep] = []
    ) -> BuildJob {
        BuildJob(
            id: JobID(id),
            name: name,
            needs: needs,
            standing: standing,
            worker: worker,
            attempt: attempt,
            startedAt: ago(start),
            finishedAt: took.map { ago(start - $0) },
            steps: steps
        )
    }

    private static func skipped(
        _ id: Int64,
        _ name: String,
        _ needs: [String],
        _ reason: String
    ) -> BuildJob {
        BuildJob(
            id: JobID(id),
            name: name,
            needs: needs,
            standing: .finished(.skipped),
            reason: reason,
            finishedAt: ago(1588)
        )
    }

    static func step(
        _ index: Int,
        _ name: String,
        _ standing: Standing,
        took: Double?,
        log: Int,
        exitCode: Int? = nil,
        reason: String? = nil
    ) -> BuildStep {
        BuildStep(
            index: index,
            name: name,
            standing: standing,
            exitCode: exitCode,
            reason: reason,
            startedAt: ago(1700),
            finishedAt: took.map { ago(1700 - $0) },
            logLength: log
        )
    }

    static let runningBuild = BuildPage(
        link: link(3907, "shop", 3907),
        pipeline: "main",
        event: .manual,
        ref: "refs/heads/main",
        sha: sha,
        message: "Cart: keep coupons across sign-in",
        author: "Tomás Rivas",
        reason: "Mira Okafor asked for it",
        standing: .running,
        createdAt: ago(185),
        startedAt: ago(180),
        retryOf: link(3906, "shop", 3906),
        jobs: [
            job(30, "unit", [], .finished(.success), from: 180, took: 64, attempt: 2),
            job(31, "e2e", ["unit"], .running, from: 110, worker: "w2", steps: runningSteps),
            BuildJob(
                id: JobID(33),
                name: "package",
                needs: ["e2e"],
                standing: .waiting,
                waitingReason: "It waits for e2e"
            ),
        ],
        way: Way(
            unit: "shop",
            channels: channels(dev: "9.42.0", staging: "9.41.3", production: "9.41.3")
        ),
        gates: [
            Gate(
                job: JobID(34),
                jobName: "ship",
                build: BuildID(3907),
                position: 3,
                name: "go-live",
                approvers: ["team:release"],
                needed: 2,
                reachedAt: ago(90),
                deadline: ago(90 - 72 * hour),
                words: [
                    GateWord(
                        verdict: .approved,
                        actor: "Mira Okafor",
                        reason: "the numbers are good",
                        saidAt: ago(30)
                    )
                ]
            )
        ]
    )

    static let runningSteps = [
        step(0, "setup", .finished(.success), took: 0.5, log: 200),
        step(1, "serve", .finished(.success), took: 3.1, log: 4_000),
        step(2, "browser", .running, took: nil, log: 1_062),
        BuildStep(index: 3, name: "tidy", standing: .waiting),
    ]

    static let greenBuild = BuildPage(
        link: link(769, "ledger", 769),
        pipeline: "main",
        event: .tag,
        ref: "refs/tags/v2.9.4",
        sha: sha,
        message: "",
        author: "Wen Li",
        reason: "tag v2.9.4 was pushed",
        standing: .finished(.success),
        createdAt: ago(3 * hour + 1),
        startedAt: ago(3 * hour),
        finishedAt: ago(3 * hour - 521),
        jobs: [job(50, "main", [], .finished(.success), from: 3 * hour, took: 520)],
        way: Way(
            unit: "ledger",
            release: ReleaseGlance(version: "2.9.4", publishedAt: ago(2 * hour)),
            channels: channels(dev: "2.9.4", staging: "2.9.4", production: "2.9.3")
        ),
        summaries: [JobSummary(job: "main", text: "# Nine of ten\n\n- fine")],
        inputs: ["level": "full"],
        priority: 100,
        idleKeys: ["on_result", "locks"],
        covers: [
            CoveredCommit(sha: sha, subject: "Round half up", author: "Ada", build: BuildID(40)),
            CoveredCommit(sha: sha, subject: "Say why", author: "Grace", build: nil),
        ]
    )

    static let brokenBuild = BuildPage(
        link: link(213, "fraud", 213),
        pipeline: "main",
        event: .push,
        ref: "refs/heads/main",
        sha: sha,
        message: "Retrain weekly",
        author: "Priya Raman",
        reason: "Priya Raman pushed to main",
        standing: .finished(.failure),
        createdAt: ago(60),
        finishedAt: ago(60),
        jobs: [],
        problems: [
            Problem(
                path: "pipelines/main.yml",
                line: 7,
                column: 5,
                message: "unknown key 'script'",
                hint: "a step's commands are under 'run'"
            ),
            Problem(
                path: "pipelines/main.yml",
                line: 0,
                column: 0,
                message: "no job is named 'tset'"
            ),
        ]
    )
}
