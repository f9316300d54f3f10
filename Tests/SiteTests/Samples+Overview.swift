import Core

import struct Foundation.Date

@testable import Site

extension Samples {
    static let home = HomePage(
        repositories: [billing, shop, ledger, fraud, notify, iosApp, handbook],
        running: [
            RunningJob(
                id: JobID(31),
                name: "e2e (firefox)",
                build: link(3907, "shop", 3907),
                worker: "w2",
                startedAt: ago(110),
                step: "browser",
                stepsFinished: 3,
                steps: 5
            ),
            RunningJob(
                id: JobID(32),
                name: "migrate-check",
                build: link(769, "ledger", 769),
                worker: "w1",
                startedAt: ago(3)
            ),
        ],
        runningCount: 3,
        waiting: [trainJob, replayJob, slotJob],
        waitingCount: 4,
        promotions: Array(unit.log.prefix(4)),
        unserved: [
            UnservedQueue(
                labels: ["docker", "gpu"],
                jobs: 2,
                oldestSince: ago(3 * hour + 2 * minute),
                lastWorker: "w7",
                lastSeenAt: ago(3 * day)
            )
        ],
        address: "http://127.0.0.1:8010"
    )

    static let emptyHome = HomePage(
        repositories: [],
        workers: [WorkerGlance(name: "local", labels: ["docker"], slots: 2)],
        address: "http://127.0.0.1:8010"
    )

    static let quietHome = HomePage(
        repositories: [ledger, handbook],
        unserved: [UnservedQueue(labels: [], jobs: 1, oldestSince: ago(40))],
        address: "http://127.0.0.1:8010"
    )

    static let trainJob = QueuedJob(
        id: JobID(40),
        name: "train",
        build: link(212, "fraud", 212),
        ref: "refs/heads/main",
        author: "Priya Raman",
        reason: "No worker has the label gpu.",
        since: ago(3 * hour + 2 * minute),
        isUnserved: true
    )

    static let replayJob = QueuedJob(
        id: JobID(10),
        name: "score-replay",
        build: link(1482, "billing", 1482),
        ref: "refs/heads/main",
        author: "Ayşe Demir",
        reason: "No worker has the label gpu.",
        since: ago(29 * minute),
        isUnserved: true
    )

    static let slotJob = QueuedJob(
        id: JobID(44),
        name: "archive",
        build: link(643, "ios-app", 643),
        ref: "",
        author: "Tomás Rivas",
        reason: "All 2 slots that could run it are busy",
        since: ago(4 * minute),
        priority: 50
    )

    private static let billing = RepositoryWay(
        name: "billing",
        defaultBranch: "main",
        newest: failedGlance,
        recent: bars([52, 60, 48, 55, 70, 49, 58, 61, 66, 50, 40], red: [4, 10], cancelled: [2]),
        way: billingWay
    )

    private static let shop = RepositoryWay(
        name: "shop",
        defaultBranch: "main",
        newest: glance(
            link(3907, "shop", 3907),
            .running,
            "Cart: keep coupons across sign-in",
            "Tomás Rivas",
            startedAgo: 3 * minute,
            jobsFinished: 4,
            jobs: 7
        ),
        recent: bars([80, 90, 85, 70, 95, 88, 60], red: [3], running: [6]),
        way: Way(
            unit: "shop",
            channels: channels(dev: "9.42.0", staging: "9.41.3", production: "9.41.3", behind: true)
        )
    )

    private static let ledger = RepositoryWay(
        name: "ledger",
        defaultBranch: "main",
        newest: glance(
            link(768, "ledger", 768),
            .finished(.success),
            "Close periods by the tenant’s time zone",
            "Wen Li",
            startedAgo: 3 * hour,
            took: 521
        ),
        recent: bars([500, 510, 530, 521], red: []),
        way: Way(
            unit: "ledger",
            release: ReleaseGlance(version: "2.9.4", publishedAt: ago(2 * hour)),
            channels: channels(dev: "2.9.4", staging: "2.9.4", production: "2.9.4")
        )
    )

    private static let fraud = RepositoryWay(
        name: "fraud",
        defaultBranch: "main",
        newest: glance(
            link(212, "fraud", 212),
            .waiting,
            "Retrain with the October disputes",
            "Priya Raman"
        ),
        recent: bars([900, 1000, 990], red: [], exception: [1]),
        way: Way(unit: "fraud", channels: [])
    )

    private static let notify = RepositoryWay(
        name: "notify",
        defaultBranch: "trunk",
        newest: glance(
            link(1120, "notify", 1120),
            .finished(.warnings),
            "Mail: retry hosts that greylist",
            "Jonas Lindqvist",
            startedAgo: 2 * hour,
            took: 72
        ),
        recent: bars([70, 72], red: []),
        way: Way(
            unit: "notify",
            release: ReleaseGlance(version: "3.4.1", publishedAt: ago(80 * minute)),
            channels: channels(dev: "3.4.1", staging: "3.4.1", production: "3.4.0", isHeld: true)
        )
    )

    private static let iosApp = RepositoryWay(
        name: "ios-app",
        defaultBranch: "main",
        fetchError: "Host git.example.org did not answer within 30 s",
        newest: glance(
            link(642, "ios-app", 642),
            .finished(.exception),
            "Face ID: ask again after a failed payment",
            "Tomás Rivas",
            startedAgo: 4 * hour,
            took: 14 * minute,
            note: "w5: disk full"
        ),
        recent: bars([840, 850, 30], red: [], exception: [2])
    )

    private static let handbook = RepositoryWay(name: "handbook", defaultBranch: "main")

    static let failedGlance = glance(
        link(1482, "billing", 1482),
        .finished(.failure),
        "Show checkpoint pressure on the health page",
        "Ayşe Demir",
        startedAgo: 30 * minute,
        took: 212,
        jobsFinished: 6,
        jobs: 7
    )

    static func glance(
        _ link: BuildLink,
        _ standing: Standing,
        _ message: String,
        _ author: String,
        startedAgo: Double? = nil,
        took: Double? = nil,
        jobsFinished: Int = 1,
        jobs: Int = 1,
        note: String? = nil
    ) -> BuildGlance {
        BuildGlance(
            link: link,
            pipeline: "main",
            standing: standing,
            ref: "refs/heads/main",
            sha: sha,
            message: message,
            author: author,
            createdAt: ago((startedAgo ?? 3 * hour) + 2),
            startedAt: startedAgo.map(ago),
            finishedAt: took.flatMap { took in startedAgo.map { ago($0 - took) } },
            jobsFinished: jobsFinished,
            jobs: jobs,
            note: note
        )
    }

    private static func bars(
        _ seconds: [Double],
        red: Set<Int>,
        cancelled: Set<Int> = [],
        exception: Set<Int> = [],
        running: Set<Int> = []
    ) -> [BuildBar] {
        seconds.enumerated().map { index, seconds in
            let standing: Standing =
                red.contains(index)
                ? .finished(.failure)
                : cancelled.contains(index)
                    ? .finished(.cancelled)
                    : exception.contains(index)
                        ? .finished(.exception)
                        : running.contains(index) ? .running : .finished(.success)
            return BuildBar(standing: standing, seconds: seconds)
        }
    }

    static func channels(
        dev: String,
        staging: String,
        production: String,
        behind: Bool = false,
        isHeld: Bool = false
    ) -> [ChannelGlance] {
        [
            ChannelGlance(name: "dev", version: dev, nodes: 2, nodesRunning: 2),
            ChannelGlance(name: "staging", version: staging, isHeld: isHeld),
            ChannelGlance(
                name: "production",
                version: production,
                nodes: 12,
                nodesRunning: behind ? 11 : 12
            ),
        ]
    }

    static let billingWay = Way(
        unit: "billing",
        channels: channels(dev: "4.18.0", staging: "4.17.2", production: "4.17.0", behind: true)
    )
}
