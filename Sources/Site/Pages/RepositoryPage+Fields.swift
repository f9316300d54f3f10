import Core

import struct Foundation.Date

extension RepositoryPage {
    func content(now: Date) -> Content {
        Content(
            template: "repository",
            fields: [
                "name": name,
                "facts": facts(now: now),
                "says": says(now: now),
                "fetchError": fetchError,
                "fetchAdvice": fetchAdvice(now: now),
                "buildsOf": ref.map { "of \(Ref.short($0)), newest first" } ?? "newest first",
                "allBuilds": ref == nil
                    ? "" : "<a href=\"\(Link.repository(name))\">All branches</a>" as Markup,
                "builds": builds.map { $0.rowFields(now: now) },
                "noBuilds": isFirstPage
                    ? "Nothing has been built yet. Push a commit that has a file in pipelines/."
                    : "No older builds.",
                "newest": isFirstPage
                    ? "" : button("Newest", .builds(repository: name, ref: ref, cursor: nil)),
                "older": nextCursor.map {
                    button("Older", .builds(repository: name, ref: ref, cursor: $0))
                } ?? "",
                "startPath": Link.startBuild(repository: name).path,
                "defaultBranch": defaultBranch,
                "priorityMin": priorities.lowerBound,
                "priorityMax": priorities.upperBound,
                "priorityNote": "more goes first; empty: as the pipeline file says",
                "branches": branches.map { $0.fields(of: name, now: now) },
                "hasDeliveries": !deliveries.isEmpty,
                "deliveries": deliveries.map { $0.fields(now: now) },
                "hasSchedules": !schedules.isEmpty,
                "schedules": schedules.map { $0.fields(now: now) },
                "hasForms": !manualForms.isEmpty,
                "forms": manualForms.enumerated().map { place, form in
                    form.fields(place, of: name, isOpen: manualForms.count == 1)
                },
                "branchesOmitted": branchesOmitted == 0 ? nil : grouped(branchesOmitted),
            ]
        )
    }

    private func button(_ words: String, _ link: Link) -> Markup {
        "<a class=\"btn\" href=\"\(link)\">\(words)</a>"
    }

    private func facts(now: Date) -> Markup {
        let fetched: Markup =
            fetchedAt.map { ", fetched \(.time($0, .age, now: now)) ago" }
            ?? ", not fetched yet"
        let unit: Markup =
            unit.map { " It publishes unit <a href=\"\(Link.unit($0))\"><bdi>\($0)</bdi></a>." }
            ?? ""
        let interval = pollInterval == 60 ? "minute" : spelledWhole(pollInterval)
        return """
            \(code: url)\(fetched), looked at every \(interval)\
            \(pollsPullRequests ? ", pull requests included," : "") and at each push it hears of.\
            \(unit)
            """
    }

    private func spelledWhole(_ seconds: Int) -> String {
        seconds % 60 == 0 && seconds > 0 ? count(seconds / 60, "minute") : count(seconds, "second")
    }

    /// How the default branch stands.
    private func says(now: Date) -> Markup {
        guard let branch = branches.first(where: { $0.name == defaultBranch }) else {
            return fetchedAt == nil
                ? "It has not been fetched yet." : "There is no branch \(code: defaultBranch) yet."
        }
        guard let newest = branch.newest else {
            return "\(code: defaultBranch) has not been built yet: the next push to it will be."
        }
        let build: Markup =
            "<a href=\"\(Link.build(newest.link.id))\">build \(newest.link.number)</a>"
        switch newest.standing {
        case .waiting:
            return "\(code: defaultBranch) waits in \(build) of \(code: short(newest.sha))."
        case .running:
            return
                "\(code: defaultBranch) is being built: \(build) of \(code: short(newest.sha)) by \(name: newest.author)."
        case .finished:
            let mood =
                newest.standing.isGreen ? "green" : newest.standing.isRed ? "red" : "not decided"
            return """
                \(code: defaultBranch) is \(mood): \(build) of \(code: short(newest.sha)) by \
                \(name: newest.author) \(newest.standing.verb) \
                \(.time(newest.finishedAt ?? newest.createdAt, .age, now: now)) ago.
                """
        }
    }

    private func fetchAdvice(now: Date) -> Markup {
        let known: Markup =
            fetchedAt.map {
                "What is shown is from \(.time($0, .age, now: now)) ago."
            } ?? "It has never been fetched."
        return "\(known) Slipway tries again at every poll; other repositories are not delayed."
    }
}

extension BuildGlance {
    /// As a line of the repository's list.
    fileprivate func rowFields(now: Date) -> Fields {
        [
            "lamp": Markup.lamp(standing),
            "path": Link.build(link.id).path,
            "number": link.number,
            "subject": subject(of: message),
            "detail": detail,
            "took": Markup.duration(from: startedAt, to: finishedAt, now: now) ?? "",
            "age": Markup.time(createdAt, .age, now: now),
        ]
    }

    private var detail: Markup {
        let place: Markup = ref.isEmpty ? "" : " on \(code: Ref.short(ref))"
        let note: Markup = note.map { " · \(name: stopped($0))" } ?? ""
        return """
            <code>\(short(sha))</code>\(place) by \(name: author), pipeline \(code: pipeline)\(note)
            """
    }
}

extension DeliveryRow {
    fileprivate func fields(now: Date) -> Fields {
        [
            "lamp": outcome == nil
                ? Markup.lamp(.waiting) : Markup.lamp("skipped", label: "acted on"),
            "summary": summary,
            "detail": "\(forge) · \(name: stopped(outcome ?? "waits for the next look"))" as Markup,
            "age": Markup.time(receivedAt, .age, now: now),
        ]
    }
}

extension BranchRow {
    fileprivate func fields(of repository: String, now: Date) -> Fields {
        [
            "lamp": newest.map { Markup.lamp($0.standing) }
                ?? Markup.lamp("skipped", label: "not built yet"),
            "path": Link.builds(
                repository: repository,
                ref: Ref.branchPrefix + name,
                cursor: nil
            ).path,
            "name": name,
            "detail": newest.map {
                "<code>\(short(sha))</code> <bdi>\(subject(of: $0.message))</bdi>" as Markup
            } ?? "<code>\(short(sha))</code> not built yet" as Markup,
            "right": newest.map { Markup.time($0.createdAt, .age, now: now) } ?? "",
        ]
    }
}
