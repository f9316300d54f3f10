import Core

import struct Foundation.Date

extension BuildPage {
    /// Below the result in the tile: how long it took, runs or waits.
    func after(now: Date) -> Markup {
        switch standing {
        case .waiting: "for \(.elapsed(since: createdAt, now: now))"
        case .running: "for \(.elapsed(since: startedAt ?? createdAt, now: now))"
        case .finished:
            problems.isEmpty
                ? "after \(Markup.duration(from: startedAt ?? createdAt, to: finishedAt, now: now) ?? "")"
                : "before the first job"
        }
    }

    /// What was built, for whom.
    var facts: Markup {
        let place: Markup = ref.isEmpty ? "" : " on \(code: Ref.short(ref))"
        return """
            <code>\(short(sha))</code>\(place) by \(name: author), pipeline \(code: pipeline), in \
            <a href="\(Link.repository(link.repository))"><bdi>\(link.repository)</bdi></a>
            """
    }

    /// Why there is this build at all.
    func why(now: Date) -> Markup {
        let again: Markup =
            retryOf.map {
                " It tries <a href=\"\(Link.build($0.id))\">build \($0.number)</a> again."
            }
            ?? ""
        return """
            <b>Why it ran:</b> \(name: stopped(reason)) Created \
            \(.time(createdAt, .when, now: now)), \(.time(createdAt, .age, now: now)) ago.\(again)
            """
    }

    /// How things stand and what to do, in a sentence or two.
    func says(now: Date) -> Markup {
        if hasConflict {
            return """
                It cannot be merged: \(count(problems.count, "file")) changed on both sides. \
                Bring the branch up to date and push again.
                """
        }
        guard problems.isEmpty else {
            return """
                The pipeline file cannot be used: \(count(problems.count, "problem")). Mend \
                \(problems.count == 1 ? "it" : "them") and push; other pipelines of this commit \
                are not touched.
                """
        }
        switch standing {
        case .waiting: return waitingSays
        case .running: return runningSays
        case .finished(let result): return finishedSays(result)
        }
    }

    private var waitingSays: Markup {
        guard let job = jobs.first(where: { $0.standing == .waiting && $0.needs.isEmpty }),
            let reason = job.waitingReason
        else { return "Nothing has started yet." }
        return "Nothing has started yet: \(name: stopped(reason))"
    }

    private var runningSays: Markup {
        let running = jobs.filter { $0.standing == .running }.map(\.name)
        let ended = jobs.filter(\.standing.isFinished)
        let red = ended.filter(\.standing.isRed)
        let now: Markup =
            running.isEmpty
            ? "Nothing runs at this moment"
            : "\(some(running)) \(running.count == 1 ? "runs" : "run")"
        if let first = red.first {
            return
                "\(now). \(some(red.map(\.name))) already \(first.standing.verb), so it cannot turn green any more."
        }
        return ended.isEmpty
            ? "\(now); nothing has ended yet."
            : "\(now); \(ended.count) of \(count(jobs.count, "job")) ended, none of them red."
    }

    private func finishedSays(_ result: BuildResult) -> Markup {
        switch result {
        case .success: return "Every job succeeded.\(next)"
        case .warnings:
            let warned = jobs.filter { $0.standing == .finished(.warnings) }.map(\.name)
            return "\(some(warned)) ended with warnings; nothing failed.\(next)"
        case .failure: return failureSays
        case .exception:
            let broken = jobs.first { $0.standing == .finished(.exception) }
            let reason = broken?.reason ?? broken?.redStep?.reason
            return """
                Our machinery broke, not the code\(reason.map { ": \(name: stopped($0))" } ?? ".") \
                Retry it; if it breaks again, look at the worker.
                """
        case .skipped:
            return coveredBy.map {
                "<a href=\"\(Link.build($0.id))\">Build \($0.number)</a>, which is newer, covers its commit."
            } ?? "No job had anything to do."
        case .retry: return "It is being tried again."
        case .cancelled:
            return cancelledBy.map { "Cancelled by \(name: $0) before it could end." }
                ?? "Cancelled before it could end."
        }
    }

    private var failureSays: Markup {
        let red = jobs.filter { $0.standing == .finished(.failure) }
        guard let first = red.first else { return "It failed." }
        let what: Markup =
            first.redStep.map {
                "Step \(bold: $0.name) of \(bold: first.name) failed, \($0.ending)"
            }
            ?? "\(bold: first.name) failed"
        let more: Markup = red.count > 1 ? "; so did \(some(red.dropFirst().map(\.name)))" : ""
        let skipped = jobs.filter { $0.standing == .finished(.skipped) && !$0.needs.isEmpty }
        let kept: Markup =
            skipped.isEmpty
            ? "" : " \(some(skipped.map(\.name))) did not run because of it."
        return "\(what)\(more).\(kept)"
    }

    /// What the release manager may do with what it published.
    private var next: Markup {
        guard let way, let release = way.release else { return "" }
        let unit: Markup =
            "<a href=\"\(Link.unit(way.unit))\"><bdi>\(way.unit)</bdi> <bdi>\(release.version)</bdi></a>"
        let reached = way.channels.prefix(way.reached(by: release.version)).map(\.name)
        guard reached.count < way.channels.count else {
            return
                " It published \(unit), which has come all the way\(reached.last.map { ": \(bold: $0) points at it." } ?? ".")"
        }
        let following = way.channels[reached.count].name
        guard let last = reached.last else {
            return
                " It published \(unit); no channel points at it yet, \(bold: following) comes next."
        }
        return
            " It published \(unit), which has reached \(bold: last); \(bold: following) comes next."
    }

    /// The first few names of many.
    private func some(_ names: [String]) -> Markup {
        let shown = names.prefix(3).map { "<b><bdi>\($0)</bdi></b>" as Markup }
        if names.count > 3 { return "\(shown.joined(", ")) and \(names.count - 3) more" }
        guard let last = shown.last, shown.count > 1 else { return shown.joined() }
        return "\(Array(shown.dropLast()).joined(", ")) and \(last)"
    }

    /// What a person may do with it now, the likeliest first.
    var actions: [Fields] {
        guard standing.isFinished else {
            let cancel = action("Cancel build", .cancel(link.id), isStop: true)
            if canBeginEarly { return [action("Begin now", .begin(link.id), isGo: true), cancel] }
            guard isHeldForApproval else { return [cancel] }
            let once: Markup = "<input type=\"hidden\" name=\"once\" value=\"true\">"
            return [
                action("Approve, and trust its author", .approve(link.id), isGo: true),
                action("Approve this one", .approve(link.id), hidden: once), cancel,
            ]
        }
        guard problems.isEmpty else { return [] }
        let again = action("Build again", .retry(link.id))
        guard jobs.contains(where: { !$0.standing.isGreen }) else { return [again] }
        let failedOnly: Markup = "<input type=\"hidden\" name=\"failed_only\" value=\"true\">"
        return [
            action("Retry failed jobs", .retry(link.id), isGo: true, hidden: failedOnly), again,
        ]
    }

    private func action(
        _ words: String,
        _ link: Link,
        isGo: Bool = false,
        isStop: Bool = false,
        hidden: Markup = ""
    ) -> Fields {
        [
            "words": words, "path": link.path, "hidden": hidden,
            "class": isGo ? " go" : isStop ? " stop" : "",
        ]
    }
}
