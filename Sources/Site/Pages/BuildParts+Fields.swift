import Core

import struct Foundation.Date

extension Problem {
    var fields: Fields {
        [
            "lamp": Markup.lamp("failure", label: "problem"),
            "place": line == 0
                ? path : column == 0 ? "\(path):\(line)" : "\(path):\(line):\(column)",
            "message": message,
            "hint": hint.map { "<p><bdi>\($0)</bdi></p>" as Markup } ?? "",
        ]
    }
}

extension FirstError {
    var fields: Fields {
        let lines = LogLines(job: job, step: step.index, isShort: true)
        let drawn = lines.list(of: excerpt)
        let first: Link =
            drawn.numbers.last.map { .line(job, step: step.index, line: $0) }
            ?? .step(job, step.index)
        return [
            "job": jobName,
            "step": step.name,
            "path": first.path,
            "lines": "Line \(grouped(drawn.numbers.last ?? 0)) of \(grouped(self.lines))",
            "says": says(isSilent: drawn.numbers.isEmpty),
            "log": drawn.numbers.isEmpty ? nil : drawn.markup,
        ]
    }

    private func says(isSilent: Bool) -> Markup {
        let ending: Markup = "The step ended with \(step.ending)"
        return isSilent
            ? "\(ending) and wrote nothing."
            : "\(ending); this is the end of what it wrote."
    }
}

extension BuildJob {
    fileprivate var opens: Bool { standing.isRed || standing == .running }

    /// As a row of the list of jobs, with its steps inside.
    func fields(gantt: Gantt, now: Date) -> Fields {
        [
            "id": id.description,
            "open": opens ? " open" as Markup : "",
            "standing": standing.word,
            "lamp": Markup.lamp(standing),
            "name": name,
            "note": note,
            "worker": worker.map { "<bdi>\($0)</bdi>" as Markup } ?? "",
            "gantt": gantt.bar(of: self),
            "took": Markup.duration(from: startedAt, to: finishedAt, now: now)
                ?? waitingSince.map { .elapsed(since: $0, now: now) } ?? "",
            "hasSteps": !steps.isEmpty && startedAt != nil,
            "steps": steps.map { $0.fields(of: id, now: now) },
            "more": more(now: now),
        ]
    }

    private func more(now: Date) -> Markup? {
        if standing == .waiting { return waitingWords(now: now) }
        guard startedAt == nil || attempt > 1 else { return nil }
        return reason.map { "\(name: capitalized(stopped($0)))" }
    }

    /// Why it waits, and since when.
    func waitingWords(now: Date) -> Markup {
        let since: Markup =
            waitingSince.map { " It waits since \(.time($0, .when, now: now))." } ?? ""
        return "\(name: stopped(waitingReason ?? "It waits"))\(since)"
    }
}

extension BuildStep {
    /// As a row of the job's table.
    func fields(of job: JobID, now: Date) -> Fields {
        [
            "standing": standing.word,
            "lamp": Markup.lamp(standing),
            "path": Link.step(job, index).path,
            "name": name,
            "note": note,
            "took": Markup.duration(from: startedAt, to: finishedAt, now: now, isFine: true) ?? "",
            "log": logLength == 0 ? "" : sized(logLength),
        ]
    }
}

extension ArtifactRow {
    var fields: Fields {
        [
            "icon": files == 1 ? "file" : "tree",
            "path": Link.artifact(id).path,
            "name": name,
            "detail": "<bdi>\(job)</bdi>, \(count(files, "file"))" as Markup,
            "size": sized(bytes),
            "digest": shortDigest(digest),
        ]
    }
}

/// The first characters of a digest, enough to recognise it.
func shortDigest(_ digest: String) -> String {
    let hex = digest.utf8.starts(with: "sha256:".utf8) ? digest.dropFirst(7) : digest[...]
    return String(hex.prefix(8))
}
