import Core

import struct Foundation.Date

extension LogPage {
    func content(now: Date) -> Content {
        let standing = shownStanding
        return Content(
            template: "log",
            fields: [
                "standing": standing.word,
                "standingTitle": standing.title,
                "lamp": Markup.silentLamp(standing),
                "after": after(now: now),
                "step": shownName,
                "job": job.name,
                "facts": facts,
                "why": why(now: now),
                "rawPath": Link.rawLog(job.id, step: step).path,
                "track": track(now: now),
                "says": says,
                "steps": job.steps.map { stepFields($0, now: now) },
                "amount": amount,
                "topPath": Link.lines(job.id, step: step, from: 1).path,
                "endPath": Link.lines(job.id, step: step, from: lastStart).path,
            ]
        ).adding(logFields)
    }

    /// The step that the page is about; nil for a job that has none yet.
    private var shown: BuildStep? { job.steps.first { $0.index == step } }

    /// How the step stands, or the job before it has steps.
    var shownStanding: Standing { shown?.standing ?? job.standing }

    var shownName: String { shown?.name ?? "not started" }

    /// The first line of the last page of the log.
    private var lastStart: Int { max(1, lines - LogWindow.linesMax + 1) }

    private var logFields: Fields {
        let lines = LogLines(job: job.id, step: step)
        let drawn = slices.map { ($0, lines.list(of: $0)) }
        let holes = LogHole.around(drawn, lines: self.lines, length: shown?.logLength ?? 0)
        var markup: Markup = ""
        for (index, hole) in holes.enumerated() {
            markup = markup + (hole?.markup(job: job.id, step: step) ?? "")
            if index < drawn.count { markup = markup + drawn[index].1.markup }
        }
        let isAtEnd = holes.last == .some(nil)
        return [
            "log": drawn.isEmpty ? markup + silence : markup,
            "live": isAtEnd ? live(after: drawn.last?.1) : "",
        ]
    }

    /// What the script needs to go on from the last line shown.
    private func live(after list: LogLines.List?) -> Markup {
        switch shownStanding {
        case .finished: return ""
        case .waiting, .running:
            let next = list?.next ?? (line: 1, offset: 0, style: .plain)
            return """
                 data-log="\(Link.rawLog(job.id, step: step))" data-step="\(step)" \
                data-line="\(next.line)" data-offset="\(next.offset)" \
                data-sgr="\(next.style.codes)"
                """
        }
    }

    private var silence: Markup {
        switch shownStanding {
        case .waiting: "<p class=\"hush\">The step has not begun.</p><ol class=\"log\"></ol>"
        case .running: "<p class=\"hush\">Nothing written yet.</p><ol class=\"log\"></ol>"
        case .finished: "<p class=\"hush\">The step wrote nothing.</p>"
        }
    }

    private func after(now: Date) -> Markup {
        let start = shown?.startedAt ?? job.startedAt
        switch shownStanding {
        case .waiting: return "not begun"
        case .running: return start.map { "for \(.elapsed(since: $0, now: now))" } ?? ""
        case .finished:
            let took = Markup.duration(
                from: start,
                to: shown?.finishedAt ?? job.finishedAt,
                now: now,
                isFine: true
            )
            let exit: Markup = shown?.exitCode.map { "exit \($0) " } ?? ""
            return took.map { "\(exit)after \($0)" } ?? exit
        }
    }

    private var facts: Markup {
        """
        \(.link(to: build)), <code>\(short(sha))</code> <bdi>\(subject(of: message))</bdi>
        """
    }

    private func why(now: Date) -> Markup {
        guard let worker = job.worker, job.attempt > 0 else {
            return "No worker has taken it yet."
        }
        let start: Markup =
            (shown?.startedAt ?? job.startedAt).map { ", from \(.time($0, .when, now: now))" } ?? ""
        let end: Markup = shown?.finishedAt.map { " to \(.time($0, .when, now: now))" } ?? ""
        return "Attempt \(job.attempt) on \(code: worker)\(start)\(end)."
    }

    private var amount: String {
        guard let length = shown?.logLength, length > 0 else { return "" }
        return "\(count(lines, "line")), \(sized(length))"
    }

    /// Only where something has to be said: why it waits, why it ended, what its log lacks.
    private var says: Markup? {
        var sentences: [Markup] = []
        switch shownStanding {
        case .waiting:
            if let reason = job.waitingReason, job.standing == .waiting {
                sentences.append("\(name: stopped(reason))")
            }
        case .running: break
        case .finished:
            if let reason = shown?.reason ?? (shown == nil ? job.reason : nil) {
                sentences.append("\(name: capitalized(stopped(reason)))")
            }
        }
        if let gap = shown?.logGap {
            sentences.append("The log is not whole: \(name: stopped(gap))")
        }
        return sentences.isEmpty ? nil : sentences.joined(" ")
    }

    private func stepFields(_ step: BuildStep, now: Date) -> Fields {
        [
            "path": Link.step(job.id, step.index).path,
            "current": step.index == self.step ? " aria-current=\"page\"" as Markup : "",
            "standing": step.standing.word,
            "lamp": Markup.lamp(step.standing),
            "name": step.name,
            "took": Markup.duration(
                from: step.startedAt,
                to: step.finishedAt,
                now: now,
                isFine: true
            ) ?? "",
        ]
    }

    private func track(now: Date) -> Markup {
        let track = BuildTrack(
            link: build,
            sha: sha,
            standing: buildStanding,
            way: way,
            push: "",
            build: "",
            now: now
        )
        return Markup.track(track.stations(linksBuild: true), of: sha, isSlim: true)
    }
}

extension Content {
    fileprivate func adding(_ fields: Fields) -> Content {
        Content(template: template, fields: self.fields.with(fields))
    }
}
