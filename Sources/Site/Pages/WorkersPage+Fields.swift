import struct Foundation.Date

extension WorkersPage {
    func content(now: Date) -> Content {
        Content(
            template: "workers",
            fields: [
                "says": says,
                "workers": workers.map { $0.fields(now: now) },
                "address": address,
            ]
        )
    }

    private var says: String {
        guard !workers.isEmpty else {
            return "No worker has ever connected, so nothing can run. Start one as shown below."
        }
        let present = workers.filter { $0.presence != .away }
        let slots = present.reduce(0) { $0 + $1.slots }
        let jobs = workers.reduce(0) { $0 + $1.jobs.count }
        let away = workers.filter { $0.presence == .away }.map(\.name)
        guard !present.isEmpty else {
            return """
                No worker is connected, so nothing runs\
                \(waitingCount == 0 ? "" : " and \(count(waitingCount, "job")) \(waitingCount == 1 ? "waits" : "wait")"). \
                Start \(listed(Array(away.prefix(3)))) again.
                """
        }
        let first = """
            \(count(present.count, "worker")) \(present.count == 1 ? "runs" : "run") \
            \(jobs == 0 ? "nothing" : count(jobs, "job")) in \(count(slots, "slot")).
            """
        guard !away.isEmpty else { return first }
        return "\(first) \(listed(Array(away.prefix(3)))) \(away.count == 1 ? "is" : "are") away."
    }
}

extension WorkerLine {
    fileprivate func fields(now: Date) -> Fields {
        [
            "lamp": lamp,
            "name": name,
            "presence": presenceWords(now: now),
            "labels": labels.map { "<code class=\"label\"><bdi>\($0)</bdi></code>" as Markup }
                .joined(" "),
            "slots": "\(jobs.count) of \(count(slots, "slot")) busy",
            "jobs": jobs.map { $0.fields(now: now) },
            "ails": ails(now: now),
            "waits": waitingForIt == 0
                ? nil
                : "\(count(waitingForIt, "job")) \(waitingForIt == 1 ? "waits" : "wait") for it",
            "actions": actions,
        ]
    }

    /// Why it gets no jobs though it is connected and nobody paused it.
    private func ails(now: Date) -> Markup? {
        guard presence == .ready else { return nil }
        if let quarantinedUntil {
            return """
                in quarantine until \(.time(quarantinedUntil, .when, now: now)), \
                because its machinery failed again and again: \(failure ?? ""). Resume lifts it
                """
        }
        return trouble.map { "takes no jobs: \($0)" }
    }

    private var lamp: Markup {
        if presence == .ready, quarantinedUntil != nil {
            return .lamp("failure", label: "in quarantine")
        }
        if presence == .ready, trouble != nil { return .lamp("failure", label: "in trouble") }
        switch presence {
        case .ready: return .lamp("success", label: "connected")
        case .paused: return .lamp("waiting", label: "paused")
        case .draining: return .lamp("waiting", label: "draining")
        case .away: return .lamp("failure", label: "away")
        }
    }

    private func presenceWords(now: Date) -> Markup {
        let seen: Markup = seenAt.map { .time($0, .age, now: now) } ?? ""
        let version: Markup = version.map { ", version \(name: $0)" } ?? ""
        switch presence {
        case .ready: return "<span class=\"dim\">connected, heard \(seen) ago\(version)</span>"
        case .paused:
            return
                "<span class=\"dim\">paused: takes no new jobs, heard \(seen) ago\(version)</span>"
        case .draining:
            return "<span class=\"dim\">draining: ends what it runs, then leaves\(version)</span>"
        case .away:
            return seenAt == nil
                ? "<span class=\"is-failure lit\">never connected</span>"
                : "<span class=\"is-failure lit\">away, last heard \(seen) ago</span>"
        }
    }

    private var actions: [Fields] {
        let pause = action("Pause", .pause(worker: name), "Takes no new jobs; what runs goes on")
        let resume = action("Resume", .resume(worker: name), "Takes jobs again")
        let drain = action("Drain", .drain(worker: name), "Ends what it runs, then leaves")
        switch presence {
        case .ready: return quarantinedUntil == nil ? [pause, drain] : [resume, pause, drain]
        case .paused: return [resume, drain]
        case .draining: return [resume]
        case .away: return []
        }
    }

    private func action(_ words: String, _ link: Link, _ hint: String) -> Fields {
        ["words": words, "path": link.path, "label": "\(words) \(name)", "hint": hint]
    }
}
