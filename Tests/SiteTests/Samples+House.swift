import Core

import struct Foundation.Date

@testable import Site

extension Samples {
    static let repository = RepositoryPage(
        name: "billing",
        url: "https://git.example.org/billing.git",
        defaultBranch: "main",
        pollInterval: 60,
        fetchedAt: ago(15),
        unit: "billing",
        builds: [
            failedGlance,
            glance(
                link(1481, "billing", 1481),
                .finished(.success),
                "Name the slow query in the health report",
                "Jonas Lindqvist",
                startedAgo: 106 * minute,
                took: 320
            ),
            glance(
                link(1480, "billing", 1480),
                .waiting,
                "",
                "renovate",
                note: "All slots are busy"
            ),
        ],
        nextCursor: "b1480",
        branches: [
            BranchRow(name: "main", sha: sha, newest: failedGlance),
            BranchRow(name: "feature/wallet", sha: sha),
        ],
        branchesOmitted: 3,
        schedules: [
            ScheduleLine(
                pipeline: "nightly",
                cron: "30 2 * * *",
                timezone: "Europe/Berlin",
                isOnlyIfChanged: true,
                nextAt: ago(-3_600)
            )
        ],
        manualForms: [
            ManualForm(
                pipeline: "deploy",
                ref: "main",
                fields: [
                    ManualForm.Field(
                        name: "level",
                        type: .choice,
                        options: ["quick", "full"],
                        value: "full"
                    ),
                    ManualForm.Field(
                        name: "count",
                        type: .number,
                        description: "How many",
                        value: "many",
                        complaint: "It is a number such as 7 or 2.5, not 'many'."
                    ),
                    ManualForm.Field(name: "dry", type: .flag, value: "true"),
                    ManualForm.Field(name: "who", type: .text, isRequired: true),
                ]
            )
        ]
    )

    static let lostRepository = RepositoryPage(
        name: "ios-app",
        url: "ssh://git@git.example.org/ios-app.git",
        defaultBranch: "main",
        pollInterval: 90,
        pollsPullRequests: true,
        fetchError: "Host git.example.org did not answer within 30 s",
        builds: [],
        ref: "refs/heads/release/1",
        isFirstPage: false
    )

    static let queue = QueuePage(
        queues: [
            QueueSection(
                labels: ["docker", "gpu"],
                workers: 0,
                slots: 0,
                slotsBusy: 0,
                lastWorker: "w7",
                lastSeenAt: ago(3 * day),
                jobs: [trainJob, replayJob]
            ),
            QueueSection(labels: [], workers: 2, slots: 8, slotsBusy: 8, jobs: [slotJob]),
        ],
        blockedCount: 2,
        runningCount: 8,
        pauses: [
            QueuePauseLine(
                labels: ["arm64"],
                by: "Mira Okafor",
                reason: "the board is being moved",
                at: ago(47 * minute)
            )
        ],
        held: heldLines,
        hasMoreHeld: true,
        gates: [
            GateLine(
                Gate(
                    job: JobID(45),
                    jobName: "ship",
                    build: link(868, "billing", 868).id,
                    position: 3,
                    name: "go-live",
                    approvers: ["team:release"],
                    needed: 2,
                    reachedAt: ago(hour),
                    deadline: ago(-71 * hour),
                    words: [
                        GateWord(verdict: .approved, actor: "Sofia Marin", saidAt: ago(minute))
                    ]
                ),
                of: link(868, "billing", 868)
            )
        ],
        locks: [
            LockLine(
                name: "licence",
                capacity: 5,
                taken: 3,
                holders: [
                    JobLink(id: JobID(46), name: "package", build: link(871, "billing", 871)),
                    JobLink(id: JobID(47), name: "package", build: link(212, "fraud", 212)),
                ],
                waiting: (872...881).map { number in
                    JobLink(
                        id: JobID(number),
                        name: "package",
                        build: link(number, "billing", Int(number))
                    )
                }
            ),
            LockLine(
                name: "staging",
                place: "channel of shop",
                capacity: 1,
                taken: 0,
                waiting: [JobLink(id: JobID(48), name: "deploy", build: link(3906, "shop", 3906))]
            ),
        ]
    )

    private static let heldLines = [
        HeldLine(
            build: link(3908, "shop", 3908),
            pipeline: "main",
            ref: "refs/heads/fix/cart-rounding",
            author: "Jonas Lindqvist",
            reason: "It waits until fix/cart-rounding has been quiet for 30s: 13:02:29 UTC, if "
                + "nothing more is pushed.",
            until: ago(-18),
            since: ago(12),
            canBeginEarly: true
        ),
        HeldLine(
            build: link(2292, "site", 2292),
            pipeline: "preview",
            ref: "",
            author: "Jonas Lindqvist",
            reason: "It waits for a place in its group 'site': build #2291 has the only one.",
            since: ago(12),
            canBeginEarly: false
        ),
    ]

    static let workers = WorkersPage(
        workers: [
            WorkerLine(
                name: "w7",
                labels: ["docker", "gpu"],
                slots: 1,
                presence: .away,
                seenAt: ago(3 * day),
                waitingForIt: 2
            ),
            WorkerLine(
                name: "w2",
                labels: ["docker", "linux", "amd64"],
                slots: 6,
                presence: .ready,
                seenAt: ago(2),
                version: "0.1.0",
                jobs: home.running
            ),
            WorkerLine(
                name: "local",
                labels: ["docker"],
                slots: 2,
                presence: .paused,
                seenAt: ago(4),
                version: "0.1.0"
            ),
            WorkerLine(
                name: "old",
                labels: [],
                slots: 2,
                presence: .draining,
                seenAt: ago(1),
                version: "0.0.9"
            ),
            WorkerLine(name: "new", labels: ["arm64"], slots: 1, presence: .away),
            WorkerLine(
                name: "full",
                labels: ["docker"],
                slots: 2,
                presence: .ready,
                seenAt: ago(3),
                trouble: "less than 1GiB is free in /var/lib/slipway/worker"
            ),
            WorkerLine(
                name: "worn",
                labels: ["docker"],
                slots: 2,
                presence: .ready,
                seenAt: ago(3),
                quarantinedUntil: ago(-240),
                failure: "the engine does not answer"
            ),
        ],
        waitingCount: 4,
        address: "http://127.0.0.1:8010"
    )

    static let noWorkers = WorkersPage(workers: [], address: "http://127.0.0.1:8010")

    static let newUnit = UnitPage(
        unit: "fraud",
        channels: [
            ChannelColumn(name: "dev", revision: 0),
            ChannelColumn(name: "production", revision: 0, from: "dev"),
        ],
        releases: [],
        releaseCount: 0,
        storeBytes: 0,
        log: []
    )

    static let unit = UnitPage(
        unit: "billing",
        repository: "billing",
        newest: failedGlance,
        channels: [
            ChannelColumn(
                name: "dev",
                revision: 238,
                version: "4.18.0",
                since: ago(105 * minute),
                by: "pipeline main, build 1481",
                why: "",
                nodes: nodes("dev", 2, running: "4.18.0"),
                earlier: ["4.17.2", "4.17.0"]
            ),
            ChannelColumn(
                name: "staging",
                revision: 236,
                version: "4.17.2",
                since: ago(201 * minute),
                by: "Jonas Lindqvist",
                why: "invoice currency for the December run",
                nodes: nodes("stg", 4, running: "4.17.2", prepared: "4.18.0"),
                from: "dev",
                candidates: ["4.18.0", "4.17.0"],
                earlier: ["4.17.0"]
            ),
            ChannelColumn(
                name: "production",
                revision: 228,
                version: "4.17.0",
                since: ago(2 * day + 4 * hour),
                by: "Mira Okafor",
                why: "double charges; hold set",
                isHeld: true,
                nodes: productionNodes,
                from: "staging",
                candidates: ["4.17.2"],
                earlier: ["4.16.3"]
            ),
        ],
        releases: [
            release("4.18.0", ago(106 * minute), build: 1481, channels: ["dev"]),
            release("4.17.2", ago(21 * hour), build: 1476, channels: ["staging"]),
            release("4.17.1", ago(3 * day), rejection: "charges twice when the bank retries"),
            release("4.17.0", ago(6 * day), build: 1460, channels: ["production"]),
            release("4.16.3", ago(400 * day)),
        ],
        releaseCount: 214,
        storeBytes: 432_013_312,
        log: [
            promotion(238, 105 * minute, .promoted, "dev", "4.17.2", "4.18.0", "build 1481", ""),
            promotion(
                236,
                201 * minute,
                .promoted,
                "staging",
                nil,
                "4.17.2",
                "Jonas Lindqvist",
                "for December"
            ),
            promotion(229, 51 * hour, .rejected, "", "4.17.1", nil, "Mira Okafor", "charges twice"),
            promotion(
                228,
                52 * hour,
                .rolledBack,
                "production",
                "4.17.1",
                "4.17.0",
                "Mira Okafor",
                "double charges"
            ),
            promotion(227, 53 * hour, .held, "production", nil, nil, "Mira Okafor", ""),
            promotion(226, 54 * hour, .thawed, "production", nil, nil, "Lena Vogt", ""),
        ],
        olderLog: 228
    )

    private static func nodes(
        _ prefix: String,
        _ number: Int,
        running: String,
        prepared: String? = nil
    ) -> [NodeCell] {
        (1...number).map {
            NodeCell(
                name: "\(prefix)-0\($0)",
                running: running,
                prepared: prepared ?? running,
                seenAt: ago(2)
            )
        }
    }

    private static var productionNodes: [NodeCell] {
        var nodes = nodes("pay", 6, running: "4.17.0", prepared: "4.17.2")
        nodes[1].prepared = nil
        nodes[3].running = "4.16.3"
        nodes[4].isPresent = false
        nodes[5].running = nil
        nodes[5].error = "ImportError: libpq.so.5"
        return nodes
    }

    private static func release(
        _ version: String,
        _ published: Date,
        build: Int? = nil,
        rejection: String? = nil,
        channels: [String] = []
    ) -> ReleaseRow {
        ReleaseRow(
            version: version,
            digest: "sha256:5e0d41c7b1aa",
            publishedAt: published,
            build: build.map { link(Int64($0), "billing", $0) },
            sha: build == nil ? nil : sha,
            files: 812,
            bytes: 2_097_152,
            rejection: rejection,
            channels: channels
        )
    }

    private static func promotion(
        _ revision: Int,
        _ seconds: Double,
        _ kind: PromotionLine.Kind,
        _ channel: String,
        _ from: String?,
        _ to: String?,
        _ who: String,
        _ why: String
    ) -> PromotionLine {
        PromotionLine(
            revision: revision,
            at: ago(seconds),
            kind: kind,
            unit: "billing",
            channel: channel,
            from: from,
            to: to,
            who: who,
            why: why,
            hash: "7c1e90aa33b2"
        )
    }
}
