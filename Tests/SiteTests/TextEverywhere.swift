import Core

import struct Foundation.Date

@testable import Site

/// Every page with one and the same text wherever a text from outside may stand.
struct TextEverywhere {
    var text: String

    private let now = Samples.now

    var frame: PageFrame {
        PageFrame(
            path: "/" + text,
            now: now,
            person: text,
            mayAdminister: true,
            csrf: text,
            flash: Flash(kind: .refused, text: text),
            version: text,
            rail: Rail(
                repositories: [RailRepository(name: text, standing: .running)],
                units: [text]
            )
        )
    }

    var pages: [Page] {
        [
            .home(home), .home(HomePage(repositories: [], workers: [worker], address: text)),
            .repository(repository), .build(build), .build(brokenBuild), .log(log), .queue(queue),
            .workers(workers), .unit(unit), .login(LoginPage(next: text, problem: text)),
            .error(ErrorPage(status: 404, detail: text, advice: text, reference: text)),
        ]
    }

    private var link: BuildLink { BuildLink(id: BuildID(1), repository: text, number: 1) }

    private var worker: WorkerGlance { WorkerGlance(name: text, labels: [text], slots: 1) }

    private var glance: BuildGlance {
        BuildGlance(
            link: link,
            pipeline: text,
            standing: .finished(.failure),
            ref: text,
            sha: text,
            message: text,
            author: text,
            createdAt: now,
            note: text
        )
    }

    private var running: RunningJob {
        RunningJob(
            id: JobID(1),
            name: text,
            build: link,
            worker: text,
            startedAt: now,
            step: text
        )
    }

    private var queued: QueuedJob {
        QueuedJob(
            id: JobID(1),
            name: text,
            build: link,
            ref: text,
            author: text,
            reason: text,
            since: now
        )
    }

    private var way: Way {
        Way(
            unit: text,
            release: ReleaseGlance(version: text, publishedAt: now),
            channels: [ChannelGlance(name: text, version: text)]
        )
    }

    private var promotion: PromotionLine {
        PromotionLine(
            revision: 1,
            at: now,
            kind: .promoted,
            unit: text,
            channel: text,
            from: text,
            to: text,
            who: text,
            why: text,
            hash: text
        )
    }

    private var home: HomePage {
        HomePage(
            repositories: [
                RepositoryWay(
                    name: text,
                    defaultBranch: text,
                    fetchError: text,
                    newest: glance,
                    recent: [BuildBar(standing: .running, seconds: 1)],
                    way: way
                ),
                RepositoryWay(name: text, defaultBranch: text),
            ],
            channels: [text],
            running: [running],
            waiting: [queued],
            promotions: [promotion],
            unserved: [
                UnservedQueue(
                    labels: [text],
                    jobs: 1,
                    oldestSince: now,
                    lastWorker: text,
                    lastSeenAt: now
                )
            ],
            address: text
        )
    }

    private var repository: RepositoryPage {
        RepositoryPage(
            name: text,
            url: text,
            defaultBranch: text,
            pollInterval: 60,
            fetchedAt: now,
            fetchError: text,
            unit: text,
            builds: [glance],
            ref: text,
            isFirstPage: false,
            nextCursor: text,
            branches: [
                BranchRow(name: text, sha: text, newest: glance), BranchRow(name: text, sha: text),
            ],
            schedules: [
                ScheduleLine(
                    pipeline: text,
                    cron: text,
                    timezone: text,
                    isOnlyIfChanged: true,
                    nextAt: now
                )
            ],
            manualForms: [
                ManualForm(
                    pipeline: text,
                    ref: text,
                    fields: InputType.allCases.map { type in
                        ManualForm.Field(
                            name: text,
                            type: type,
                            options: [text],
                            description: text,
                            value: text,
                            complaint: text
                        )
                    }
                )
            ]
        )
    }

    private var step: BuildStep {
        BuildStep(
            index: 0,
            name: text,
            standing: .finished(.failure),
            reason: text,
            logGap: text
        )
    }

    private func job(_ id: Int64, _ standing: Standing, needs: [String] = []) -> BuildJob {
        BuildJob(
            id: JobID(id),
            name: text + String(id),
            needs: needs,
            standing: standing,
            waitingReason: text,
            isUnserved: true,
            waitingSince: now,
            reason: text,
            worker: text,
            attempt: 2,
            startedAt: standing == .waiting ? nil : now,
            steps: [step]
        )
    }

    private var slice: LogSlice {
        LogSlice(firstLine: 1, offset: 0, bytes: Array(text.utf8), omitted: 9)
    }

    private var build: BuildPage {
        BuildPage(
            link: link,
            pipeline: text,
            event: .push,
            ref: text,
            sha: text,
            message: text + "\n" + text,
            author: text,
            reason: text,
            standing: .finished(.failure),
            createdAt: now,
            cancelledBy: text,
            retryOf: link,
            jobs: [
                job(1, .finished(.failure)), job(2, .waiting, needs: [text + "1"]),
                job(3, .finished(.skipped), needs: [text + "1"]), job(4, .finished(.cancelled)),
            ],
            firstError: FirstError(
                job: JobID(1),
                jobName: text,
                step: step,
                excerpt: slice,
                lines: 1
            ),
            way: way,
            artifacts: [
                ArtifactRow(id: 1, name: text, job: text, files: 1, bytes: 1, digest: text)
            ],
            summaries: [JobSummary(job: text, text: text)],
            gates: [
                Gate(
                    job: JobID(2),
                    jobName: text,
                    build: link.id,
                    position: 1,
                    name: text,
                    approvers: [text],
                    needed: 1,
                    reachedAt: now,
                    deadline: now,
                    words: [
                        GateWord(verdict: .approved, actor: text, reason: text, saidAt: now)
                    ]
                )
            ]
        )
    }

    private var brokenBuild: BuildPage {
        var build = build
        build.jobs = []
        build.problems = [Problem(path: text, line: 1, column: 1, message: text, hint: text)]
        return build
    }

    private var log: LogPage {
        LogPage(
            build: link,
            sha: text,
            message: text,
            job: job(1, .finished(.failure)),
            step: 0,
            lines: 1,
            slices: [slice],
            way: way,
            buildStanding: .finished(.success)
        )
    }

    private var queue: QueuePage {
        QueuePage(
            queues: [
                QueueSection(
                    labels: [text],
                    workers: 0,
                    slots: 0,
                    slotsBusy: 0,
                    lastWorker: text,
                    lastSeenAt: now,
                    jobs: [queued]
                )
            ],
            pauses: [QueuePauseLine(labels: [text], by: text, reason: text, at: now)],
            held: [
                HeldLine(
                    build: link,
                    pipeline: text,
                    ref: text,
                    author: text,
                    reason: text,
                    until: now,
                    since: now,
                    canBeginEarly: true
                )
            ],
            gates: [
                GateLine(
                    Gate(
                        job: JobID(1),
                        jobName: text,
                        build: link.id,
                        position: 1,
                        name: text,
                        approvers: [text],
                        needed: 1,
                        reachedAt: now
                    ),
                    of: link
                )
            ],
            locks: [
                LockLine(
                    name: text,
                    place: text,
                    capacity: 1,
                    taken: 1,
                    holders: [JobLink(id: JobID(1), name: text, build: link)],
                    waiting: [JobLink(id: JobID(1), name: text, build: link)]
                )
            ]
        )
    }

    private var workers: WorkersPage {
        let row = WorkerLine(
            name: text,
            labels: [text],
            slots: 1,
            presence: .ready,
            version: text,
            jobs: [running]
        )
        var away = row
        away.presence = .away
        var worn = row
        worn.quarantinedUntil = now
        worn.failure = text
        var full = row
        full.trouble = text
        return WorkersPage(workers: [row, away, worn, full], address: text)
    }

    private var unit: UnitPage {
        let node = NodeCell(name: text, running: text, prepared: text, error: text, seenAt: now)
        let channel = ChannelColumn(
            name: text,
            revision: 1,
            version: text,
            since: now,
            by: text,
            why: text,
            isHeld: true,
            nodes: [node],
            from: text,
            candidates: [text],
            earlier: [text]
        )
        let release = ReleaseRow(
            version: text,
            digest: text,
            publishedAt: now,
            build: link,
            sha: text,
            files: 1,
            bytes: 1,
            rejection: text,
            channels: [text]
        )
        return UnitPage(
            unit: text,
            repository: text,
            newest: glance,
            channels: [channel],
            releases: [release],
            releaseCount: 1,
            storeBytes: 1,
            log: [promotion],
            olderLog: 1
        )
    }
}
