import Core

import struct Foundation.Date

@testable import Site

extension Samples {
    static let failedLog = LogPage(
        build: link(1482, "billing", 1482),
        sha: sha,
        message: failedBuild.message,
        job: job(
            7,
            "test",
            ["lint"],
            .finished(.failure),
            from: 1771,
            took: 183,
            steps: failedSteps
        ),
        step: 3,
        lines: 4386,
        slices: [
            LogSlice(firstLine: 1, offset: 0, bytes: Array(head.utf8)),
            LogSlice(
                firstLine: 4382,
                offset: 397_000 - tail.utf8.count,
                bytes: Array(tail.utf8)
            ),
        ],
        way: billingWay,
        buildStanding: .finished(.failure)
    )

    static let head = """
        $ pytest tests/integration -v --junitxml=junit.xml
        \u{1B}[1m============================= test session starts ==============================\u{1B}[0m
        platform linux -- Python 3.13.9, pytest-8.4.2, pluggy-1.6.0
        collected 356 items
        \u{1B}[33mWARNING\u{1B}[0m  billing.bank:bank.py:212 sandbox answered in 2.4s, retry 1 of 3
        a long line that goes on and on: \(String(repeating: "0123456789 ", count: 24))

        """

    static let liveLog = LogPage(
        build: link(3907, "shop", 3907),
        sha: sha,
        message: "Cart: keep coupons across sign-in",
        job: job(31, "e2e", ["unit"], .running, from: 110, worker: "w2", steps: runningSteps),
        step: 2,
        lines: 2,
        slices: [
            LogSlice(
                firstLine: 1,
                offset: 0,
                bytes: Array("start\u{1B}[32m\n  0%\r 50%\r100%\npart".utf8)
            )
        ],
        way: Way(
            unit: "shop",
            channels: channels(dev: "9.42.0", staging: "9.41.3", production: "9.41.3")
        ),
        buildStanding: .running
    )

    static let waitingLog = LogPage(
        build: link(1482, "billing", 1482),
        sha: sha,
        message: "",
        job: BuildJob(
            id: JobID(10),
            name: "score-replay",
            standing: .waiting,
            waitingReason: "No worker has the label gpu.",
            steps: [BuildStep(index: 0, name: "setup", standing: .waiting)]
        ),
        step: 0,
        buildStanding: .running
    )
}
