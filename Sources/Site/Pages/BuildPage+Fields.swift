import Core

import struct Foundation.Date

extension BuildPage {
    func content(now: Date) -> Content {
        let head = headFields(now: now)
        let body = bodyFields(now: now)
        return Content(
            template: "build",
            fields: head.with(body).with(graphFields(now: now)).with(sideFields)
        )
    }

    private func headFields(now: Date) -> Fields {
        let began = startedAt ?? createdAt
        return [
            "standing": standing.word,
            "standingTitle": standing.title,
            "lamp": Markup.silentLamp(standing),
            "after": after(now: now),
            "number": link.number,
            "subject": subject(of: message),
            "facts": facts,
            "why": why(now: now),
            "actions": actions,
            "track": track(now: now),
            "says": says(now: now),
            "started": Markup.time(began, .when, now: now),
            "tally": tally,
            "waited": spelled((startedAt ?? finishedAt ?? now).timeIntervalSince(createdAt)),
            "took": Markup.duration(from: startedAt, to: finishedAt, now: now) ?? "not yet",
            "workerTime": spelled(workerSeconds(now: now)),
        ]
    }

    private func bodyFields(now: Date) -> Fields {
        let gantt = Gantt(
            from: startedAt ?? createdAt,
            to: finishedAt,
            standing: standing,
            now: now
        )
        let sorted = jobs.enumerated().sorted {
            ($0.element.urgency, $0.offset) < ($1.element.urgency, $1.offset)
        }
        return [
            "hasProblems": !problems.isEmpty,
            "problems": problems.map(\.fields),
            "problemsTitle": hasConflict
                ? "What cannot be merged" : "What is wrong in the pipeline file",
            "canLint": !hasConflict,
            "firstError": firstError.map { $0.fields },
            "hasJobs": !jobs.isEmpty,
            "gates": gates.map { $0.fields(now: now) },
            "jobs": sorted.map { $0.element.fields(gantt: gantt, now: now) },
            // Who must say yes comes first; a worker is of no use before.
            "waits": jobs.filter { job in
                job.standing == .waiting && job.isUnserved && !isHeldForApproval
            }.map { job in
                ["name": job.name, "reason": job.waitingWords(now: now)] as Fields
            },
        ]
    }

    private func graphFields(now: Date) -> Fields {
        let drawing = jobs.count > 1 ? JobGraphDrawing(jobs, now: now) : nil
        let note: Markup =
            if drawing == nil {
                "\(jobs.count) jobs are too many to draw; the list below has them all"
            } else if drawing?.hasCriticalPath == true {
                """
                <svg class="key" viewBox="0 0 24 8" aria-hidden="true">\
                <path class="e crit" d="M0 4h24"/></svg> what decided how long it took
                """
            } else {
                ""
            }
        return [
            "hasGraph": jobs.count > 1,
            "graph": drawing?.markup,
            "graphNote": note,
            "graphLabel": "Graph of \(count(jobs.count, "job")), scrolls sideways",
        ]
    }

    private var sideFields: Fields {
        let lines = message.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: true)
        let body = lines.count > 1 ? String(lines[1].drop { $0.isWhitespace }) : ""
        return [
            "body": body.isEmpty ? nil : body,
            "summaries": summaries.map { ["job": $0.job, "text": $0.text] as Fields },
            "hasArtifacts": !artifacts.isEmpty,
            "artifacts": artifacts.map(\.fields),
            "artifactBytes": sized(artifacts.reduce(0) { $0 + $1.bytes }),
            "sha": sha,
            "shortSHA": short(sha),
            "ref": ref.isEmpty ? nil : ref,
            "pipeline": pipeline,
            "event": eventWords,
            "priority": priority == 0 ? nil : signed(priority),
            "inputs": inputs.sorted { $0.key < $1.key }
                .map { ["name": $0.key, "value": $0.value] as Fields },
            "idle": idleKeys.isEmpty ? nil : idleKeys.joined(separator: ", "),
            "id": link.id.description,
            "hasCovers": !covers.isEmpty,
            "covers": covers.map(\.fields),
        ]
    }

    private var eventWords: String {
        switch event {
        case .push: "a push"
        case .pullRequest: "a pull request"
        case .tag: "a tag"
        case .schedule: "a schedule"
        case .pipeline: "another pipeline"
        case .manual: "a person"
        case .trial: "a try of what was not pushed"
        }
    }

    private func workerSeconds(now: Date) -> Double {
        jobs.reduce(0) { sum, job in
            guard let start = job.startedAt else { return sum }
            return sum + max(0, (job.finishedAt ?? now).timeIntervalSince(start))
        }
    }

    /// How many jobs stand where, worst last, as lamps with numbers.
    private var tally: Markup {
        let standings: [Standing] =
            [.waiting, .running] + BuildResult.allCases.map(Standing.finished)
        let parts = standings.compactMap { standing -> Markup? in
            let number = jobs.filter { $0.standing == standing }.count
            return number == 0 ? nil : "<span>\(.lamp(standing))\(number)</span>"
        }
        return parts.isEmpty ? "none" : parts.joined()
    }

    private func track(now: Date) -> Markup {
        let track = BuildTrack(
            link: link,
            sha: sha,
            standing: standing,
            way: way,
            push: "\(.time(createdAt, .when, now: now)) by \(name: author)",
            build: after(now: now),
            now: now
        )
        return Markup.track(track.stations(linksBuild: false), of: sha)
    }
}

extension CoveredCommit {
    fileprivate var fields: Fields {
        [
            "sha": short(sha),
            "subject": subject,
            "author": author,
            "path": build.map { Link.build($0).path },
        ]
    }
}
