import Core

import struct Foundation.Date

extension HomePage {
    func content(now: Date) -> Content {
        repositories.isEmpty
            ? Content(template: "empty", fields: emptyFields)
            : Content(template: "home", fields: fields(now: now))
    }

    private func fields(now: Date) -> Fields {
        [
            "says": says,
            "unserved": unserved.map { $0.fields(now: now) },
            "channels": channels.map { ["name": capitalized($0)] as Fields },
            "repositories": repositories.map { $0.fields(channels: channels, now: now) },
            "runningCount": count(runningCount, "job"),
            "running": running.map { $0.fields(now: now) },
            "waitingCount": waitingCount > 1
                ? "\(grouped(waitingCount)) jobs, each with its reason"
                : waitingCount == 1 ? "1 job, with its reason" : "",
            "waiting": waiting.map { $0.fields(now: now) },
            "promotions": promotions.map { $0.fields(now: now) },
        ]
    }

    /// How things stand, in a sentence or two.
    private var says: Markup {
        let built = repositories.filter { $0.newest != nil }
        let red = built.filter { $0.newest?.standing.isRed == true }.map(\.name)
        let lost = repositories.filter { $0.fetchError != nil }.map(\.name)
        var sentences: [Markup] = []
        switch red.count {
        case 0 where built.isEmpty:
            sentences.append("Nothing has been built yet: the first push starts the first build.")
        case 0:
            sentences.append("No repository is red.")
        case 1...3:
            sentences.append("\(names(red)) \(red.count == 1 ? "is" : "are") red.")
        case _:
            sentences.append("\(red.count) of \(built.count) repositories are red.")
        }
        if !lost.isEmpty {
            sentences.append("\(names(Array(lost.prefix(3)))) cannot be fetched.")
        }
        if runningCount + waitingCount > 0 { sentences.append(Markup(text: traffic)) }
        return sentences.joined(" ")
    }

    private var traffic: String {
        let runs =
            switch runningCount {
            case 0: "Nothing runs"
            case 1: "1 job runs"
            case _: "\(grouped(runningCount)) jobs run"
            }
        switch waitingCount {
        case 0: return "\(runs), nothing waits."
        case 1: return "\(runs), 1 job waits."
        case _: return "\(runs), \(grouped(waitingCount)) wait."
        }
    }

    private func names(_ names: [String]) -> Markup {
        let marked = names.map { "<b><bdi>\($0)</bdi></b>" as Markup }
        guard let last = marked.last, marked.count > 1 else { return marked.joined() }
        return "\(marked.dropLast().joined(", ")) and \(last)"
    }
}

extension [Markup].SubSequence {
    fileprivate func joined(_ separator: Markup) -> Markup { Array(self).joined(separator) }
}

extension UnservedQueue {
    fileprivate func fields(now: Date) -> Fields {
        [
            "heading": heading,
            "detail": detail(now: now),
            "see": jobs == 1 ? "See the job" : "See the \(grouped(jobs)) jobs",
        ]
    }

    private var heading: Markup {
        labels.isEmpty
            ? "No worker has ever connected"
            : "No worker serves \(code: labels.joined(separator: ", "))"
    }

    private func detail(now: Date) -> Markup {
        let waits: Markup = """
            \(count(jobs, "job")) \(jobs == 1 ? "waits" : "wait"), the oldest for \
            \(.elapsed(since: oldestSince, now: now)).
            """
        guard let lastWorker, let lastSeenAt else {
            return
                "\(waits) \(jobs == 1 ? "It starts" : "They start") as soon as such a worker connects."
        }
        return """
            \(waits) \(code: lastWorker) was the last worker that could run \
            \(jobs == 1 ? "it" : "them"); it was last seen \
            \(.time(lastSeenAt, .age, now: now)) ago.
            """
    }
}

extension RunningJob {
    /// As a line of a list.
    func fields(now: Date) -> Fields {
        [
            "lamp": Markup.lamp(.running),
            "build": Markup.link(to: build),
            "path": Link.job(id).path,
            "name": name,
            "step": step.map { ", <bdi>\($0)</bdi>" as Markup } ?? "",
            "share": share(stepsFinished, of: steps),
            "elapsed": Markup.elapsed(since: startedAt, now: now),
            "worker": worker,
        ]
    }
}

extension QueuedJob {
    /// As a line of a list.
    func fields(now: Date) -> Fields {
        [
            "lamp": isUnserved
                ? Markup.lamp("warnings", label: "no worker") : Markup.lamp(.waiting),
            "build": Markup.link(to: build),
            "path": Link.job(id).path,
            "name": name,
            "by": ref.isEmpty ? author : "\(Ref.short(ref)), \(author)",
            "priority": priority == 0 ? nil : signed(priority),
            "reason": stopped(reason),
            "since": Markup.elapsed(since: since, now: now),
        ]
    }
}

extension PromotionLine {
    /// As a line of a list.
    fileprivate func fields(now: Date) -> Fields {
        [
            "revision": revision,
            "what": what,
            "who": who,
            "at": Markup.time(at, .when, now: now),
        ]
    }

    private var what: Markup {
        let unit: Markup = "<a href=\"\(Link.unit(self.unit))\"><b><bdi>\(self.unit)</bdi></b></a>"
        switch kind {
        case .promoted: return "\(unit) \(name: to ?? "") to \(bold: channel)"
        case .rolledBack: return "\(unit) back to \(name: to ?? "") in \(bold: channel)"
        case .rejected: return "\(unit) \(name: from ?? to ?? "") rejected"
        case .held: return "\(unit) \(bold: channel) held"
        case .holdLifted: return "\(unit) \(bold: channel) held no more"
        case .frozen: return "\(unit) \(bold: channel) frozen"
        case .thawed: return "\(unit) \(bold: channel) open again"
        }
    }
}
