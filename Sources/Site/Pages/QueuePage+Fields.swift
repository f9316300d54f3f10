import struct Foundation.Date

extension QueuePage {
    func content(now: Date) -> Content {
        Content(
            template: "queue",
            fields: [
                "says": says,
                "pauses": pauses.map { $0.fields(now: now) },
                "queues": queues.map { $0.fields(now: now) },
                "hasNotDue": !held.isEmpty || !gates.isEmpty || blockedCount > 0,
                "held": held.map { $0.fields(now: now) },
                "moreHeld": hasMoreHeld ? "and more; these are the first" : nil,
                "gates": gates.map { $0.fields(now: now) },
                "blocked": blockedCount == 0
                    ? nil
                    : """
                    \(count(blockedCount, "more job")) \(blockedCount == 1 ? "waits" : "wait") for \
                    other jobs of \(blockedCount == 1 ? "its build" : "their builds"), and \
                    \(blockedCount == 1 ? "needs" : "need") no worker yet.
                    """,
                "hasLocks": !locks.isEmpty,
                "locks": locks.map(\.fields),
            ]
        )
    }

    var jobCount: Int { queues.reduce(0) { $0 + $1.jobs.count } }

    private var says: String {
        let unserved = queues.filter { $0.workers == 0 }.reduce(0) { $0 + $1.jobs.count }
        let running = "\(count(runningCount, "job")) \(runningCount == 1 ? "runs" : "run")"
        switch (jobCount, unserved) {
        case (0, _):
            return "Nothing waits for a worker. \(running)."
        case (let jobs, 0):
            return """
                \(count(jobs, "job")) \(jobs == 1 ? "waits" : "wait") for a free slot; \(running).
                """
        case (let jobs, let unserved) where jobs == unserved:
            return """
                \(count(jobs, "job")) \(jobs == 1 ? "waits" : "wait") for a worker that is not \
                there. Nothing starts until one with the labels connects.
                """
        case (let jobs, let unserved):
            return """
                \(count(jobs, "job")) wait. \(grouped(unserved)) of them cannot start until a \
                worker with their labels connects; the others start as slots fall free.
                """
        }
    }
}

extension QueueSection {
    fileprivate func fields(now: Date) -> Fields {
        [
            "name": labels.isEmpty ? "of jobs without labels" : labels.joined(separator: ", "),
            "heading": heading,
            "unserved": workers == 0,
            "detail": workers == 0 ? unservedDetail(now: now) : servedDetail,
            "jobs": jobs.map { job in
                job.fields(now: now).with([
                    "cancelPath": Link.cancel(job.build.id).path,
                    "cancelLabel": "Cancel build \(job.build.repository) \(job.build.number)",
                ])
            },
        ]
    }

    private var heading: Markup {
        switch (workers, labels.isEmpty) {
        case (0, true): "No worker is connected"
        case (0, false): "No worker serves \(code: labels.joined(separator: ", "))"
        case (_, true): "Any worker"
        case (_, false): "\(code: labels.joined(separator: ", "))"
        }
    }

    private var servedDetail: Markup {
        "\(count(workers, "worker")), \(slotsBusy) of \(count(slots, "slot")) busy"
    }

    private func unservedDetail(now: Date) -> Markup {
        guard let lastWorker, let lastSeenAt else {
            return
                "None ever did. \(count(jobs.count, "job")) \(jobs.count == 1 ? "starts" : "start") as soon as one connects."
        }
        return """
            \(code: lastWorker) was the last that did; it was last seen \
            \(.time(lastSeenAt, .age, now: now)) ago. Start it again, or connect another.
            """
    }
}
