import Core

import struct Foundation.Date

extension QueuePauseLine {
    func fields(now: Date) -> Fields {
        let why: Markup = reason.map { ": \(name: stopped($0))" } ?? "."
        let hidden = labels.enumerated().map { index, label -> Markup in
            "<input type=\"hidden\" name=\"label.\(index)\" value=\"\(label)\">"
        }
        return [
            "name": labels.isEmpty ? "of jobs without labels" : labels.joined(separator: ", "),
            "heading": labels.isEmpty
                ? "The queue of jobs without labels is paused" as Markup
                : "Queue \(code: labels.joined(separator: ", ")) is paused",
            "says": """
            \(name: by) paused it \(.time(at, .when, now: now))\(why) None of its jobs starts \
            until somebody resumes it.
            """ as Markup,
            "path": Link.resumeQueue.path,
            "hidden": hidden.joined(),
        ]
    }
}

extension HeldLine {
    func fields(now: Date) -> Fields {
        let name = "\(build.repository) \(build.number)"
        return [
            "lamp": Markup.lamp(.waiting),
            "build": Markup.link(to: build),
            "pipeline": pipeline,
            "by": ref.isEmpty ? author : "\(Ref.short(ref)), \(author)",
            "reason": stopped(reason),
            "left": until.map { .time($0, .left, now: now) }
                ?? Markup.elapsed(since: since, now: now),
            "beginPath": canBeginEarly ? Link.begin(build.id).path : nil,
            "beginLabel": "Begin build \(name) now",
            "cancelPath": Link.cancel(build.id).path,
            "cancelLabel": "Cancel build \(name)",
        ]
    }
}

extension GateLine {
    func fields(now: Date) -> Fields {
        [
            "lamp": Markup.lamp(.waiting),
            "build": Markup.link(to: build),
            "job": gate.jobName,
            "name": gate.name,
            "reason": gate.sentence,
            "left": gate.deadline.map { .time($0, .left, now: now) }
                ?? Markup.elapsed(since: gate.reachedAt, now: now),
            "path": Link.gate(build.id, gate.job, step: gate.position).path,
            "label": "Review gate \(gate.name) of \(build.repository) \(build.number)",
        ]
    }
}

extension LockLine {
    var fields: Fields {
        [
            "lamp": Markup.lamp(holders.isEmpty ? .waiting : .running),
            "name": name,
            "place": place,
            "share": "\(grouped(taken)) of \(grouped(capacity))",
            "holders": held,
            "waiting": awaited,
        ]
    }

    private var held: Markup {
        holders.isEmpty ? "Nobody holds it." : "Held by \(listed(holders))."
    }

    private var awaited: Markup {
        waiting.isEmpty ? "" : "Waiting for it: \(listed(waiting))."
    }

    /// The first few of many.
    private func listed(_ jobs: [JobLink]) -> Markup {
        let shown = jobs.prefix(Self.namesMax).map { job -> Markup in
            let path = Link.job(job.id)
            return "\(.link(to: job.build)) <a href=\"\(path)\"><bdi>\(job.name)</bdi></a>"
        }
        let rest = jobs.count - shown.count
        return rest > 0 ? "\(shown.joined(", ")) and \(grouped(rest)) more" : shown.joined(", ")
    }

    private static let namesMax = 8
}
