import Core

import struct Foundation.Date

@testable import Site

/// View models that tell one story: billing 1482 fails while the rest of the house goes on.
enum Samples {
    static let site = Site()

    /// Thu 20 Nov 2025, 13:32:28 UTC.
    static let now = Date(timeIntervalSince1970: 1_763_645_548)

    static func ago(_ seconds: Double) -> Date { now.addingTimeInterval(-seconds) }

    static let minute = 60.0
    static let hour = 3600.0
    static let day = 86_400.0

    static let sha = "8f3c2ab4d0c19a7e5b6f00112233445566778899"

    /// Every page, by the name of its golden file.
    static let pages: [(name: String, page: Page, frame: PageFrame)] = [
        ("home", .home(home), frame("/")),
        (
            "home-empty", .home(emptyHome),
            frame("/", rail: Rail(workersPresent: 1, workersKnown: 1, slots: 2))
        ),
        ("home-quiet", .home(quietHome), frame("/", person: nil)),
        ("repository", .repository(repository), frame("/repositories/billing")),
        ("repository-told", .repository(toldRepository), frame("/repositories/billing")),
        (
            "repository-lost", .repository(lostRepository),
            frame("/repositories/ios-app", person: nil)
        ),
        ("build-failed", .build(failedBuild), frame("/builds/1482", flash: retried)),
        ("build-running", .build(runningBuild), frame("/builds/3907")),
        ("build-green", .build(greenBuild), frame("/builds/769", person: nil)),
        ("build-broken-file", .build(brokenBuild), frame("/builds/213")),
        ("build-held", .build(heldBuild), frame("/builds/213")),
        ("build-later", .build(laterBuild), frame("/builds/213")),
        ("build-conflict", .build(conflictBuild), frame("/builds/213")),
        ("log", .log(failedLog), frame("/jobs/7?step=3")),
        ("log-live", .log(liveLog), frame("/jobs/31?step=2")),
        ("log-waiting", .log(waitingLog), frame("/jobs/10")),
        ("queue", .queue(queue), frame("/queue")),
        ("queue-empty", .queue(QueuePage(queues: [], runningCount: 1)), frame("/queue")),
        ("workers", .workers(workers), frame("/workers")),
        ("workers-none", .workers(noWorkers), frame("/workers", person: nil, rail: Rail())),
        ("unit", .unit(unit), frame("/units/billing")),
        ("unit-new", .unit(newUnit), frame("/units/fraud", person: nil, flash: refused)),
        (
            "login", .login(LoginPage(next: "/queue", problem: "That token is not known.")),
            frame("/login", person: nil, rail: Rail())
        ),
        ("not-found", .error(notFound), frame("/builds/99999")),
        ("broken", .error(broken), frame("/units/shop", person: nil)),
    ]

    static func frame(
        _ path: String,
        person: String? = "Mira Okafor",
        flash: Flash? = nil,
        rail: Rail = rail
    ) -> PageFrame {
        PageFrame(
            path: path,
            now: now,
            person: person,
            mayAdminister: person != nil,
            csrf: "c0ffee",
            flash: flash,
            version: "0.1.0",
            rail: rail
        )
    }

    static let rail = Rail(
        repositories: [
            RailRepository(name: "billing", standing: .finished(.failure)),
            RailRepository(name: "shop", standing: .running),
            RailRepository(name: "ledger", standing: .finished(.success)),
            RailRepository(name: "fraud", standing: .waiting),
            RailRepository(name: "notify", standing: .finished(.warnings)),
            RailRepository(name: "ios-app", standing: .finished(.exception)),
            RailRepository(name: "handbook"),
        ],
        units: ["billing", "ledger", "shop"],
        waitingJobs: 4,
        unservedJobs: 2,
        workersPresent: 2,
        workersKnown: 3,
        slotsBusy: 3,
        slots: 8,
        lastRevision: 242
    )

    static let retried = Flash(kind: .done, text: "Build 1483 tries the failed jobs again.")
    static let refused = Flash(
        kind: .refused,
        text: "Nothing was promoted: dev has moved to 0.32.1 since this page was made."
    )

    static let notFound = ErrorPage(
        status: 404,
        detail: "There is no build 99999.",
        advice: "Builds are numbered by the server; the repository's page lists its own."
    )

    static let broken = ErrorPage(
        status: 500,
        detail: "The code store could not be read",
        reference: "7f3a-19"
    )

    static func link(_ id: Int64, _ repository: String, _ number: Int) -> BuildLink {
        BuildLink(id: BuildID(id), repository: repository, number: number)
    }
}
