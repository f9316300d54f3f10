import Core

import struct Foundation.Date

extension RepositoryWay {
    /// The row of the overview; `channels` are the columns.
    func fields(channels: [String], now: Date) -> Fields {
        [
            "class": newest.map { " class=\"is-\($0.standing.word)\"" as Markup } ?? "",
            "path": Link.repository(name).path,
            "name": name,
            "under": under,
            "newest": newest.map { newestFields($0, channels: channels, now: now) },
            "waitingForPush": fetchError == nil
                ? "waits for the first push to \(defaultBranch)" : "nothing was built yet",
        ]
    }

    private var under: Markup {
        guard let fetchError else { return "<small><bdi>\(defaultBranch)</bdi></small>" }
        return
            "<small class=\"is-failure\" title=\"\(fetchError)\"><span class=\"lit\">cannot be fetched</span></small>"
    }

    private func newestFields(_ build: BuildGlance, channels: [String], now: Date) -> Fields {
        let way = way.map { $0.ordered(by: channels) }
        let stations = Stations(build.standing, on: way)
        return [
            "path": Link.build(build.link.id).path,
            "subject": subject(of: build.message),
            "by": """
            <code>\(short(build.sha))</code> \(name: build.author) · \
            \(.time(build.createdAt, .age, now: now))
            """ as Markup,
            "place": buildPlace(build, stations.build),
            "lamp": Markup.lamp(build.standing),
            "number": build.link.number,
            "note": build.brief(now: now),
            "bars": Markup.sparkBars(recent, of: name),
            "way": way.map { $0.fields(stations, standing: build.standing, now: now) },
        ]
    }

    /// Where the hull lies in the build's cell: a running one moves as its jobs end.
    private func buildPlace(_ build: BuildGlance, _ place: Stations.Place) -> String {
        guard place == .at else { return place.rawValue }
        let base = "at is-\(build.standing.word)"
        guard build.standing == .running, build.jobs > 0 else { return base }
        let tenth = build.jobsFinished * 10 / build.jobs
        return tenth == 0 ? base : "\(base) p\(min(tenth, 9) * 10)"
    }
}

extension BuildGlance {
    /// What its number leaves open, in a few words.
    func brief(now: Date) -> Markup {
        let took = Markup.duration(from: startedAt ?? createdAt, to: finishedAt, now: now) ?? ""
        switch standing {
        case .waiting:
            return "waits \(.elapsed(since: createdAt, now: now))"
        case .running:
            return jobs > 1 ? "\(jobsFinished) of \(jobs) jobs, \(took)" : took
        case .finished(let result):
            switch result {
            case .success: return took
            case .warnings: return "\(took), warnings"
            case .failure: return note.map { Markup(text: $0) } ?? "failed after \(took)"
            case .exception: return note.map { Markup(text: $0) } ?? "broke after \(took)"
            case .cancelled: return "cancelled after \(took)"
            case .skipped: return "skipped"
            case .retry: return "is tried again"
            }
        }
    }
}

extension Way {
    /// The same way with exactly these channels; one that the unit lacks points nowhere.
    fileprivate func ordered(by names: [String]) -> Way {
        var way = self
        way.channels = names.map { name in
            channels.first { $0.name == name } ?? ChannelGlance(name: name)
        }
        return way
    }

    fileprivate func fields(_ stations: Stations, standing: Standing, now: Date) -> Fields {
        [
            "place": stations.release == .at ? "at is-success" : stations.release.rawValue,
            "version": releaseVersion,
            "note": releaseNote(standing, now: now),
            "channels": zip(channels, stations.channels).map { channel, place in
                fields(of: channel, place: place)
            },
        ]
    }

    private var releaseVersion: Markup {
        guard let release else { return "<span class=\"dim\" data-l=\"Release\">—</span>" }
        return
            "<a href=\"\(Link.unit(unit))\" data-l=\"Release\"><b><bdi>\(release.version)</bdi></b></a>"
    }

    private func releaseNote(_ standing: Standing, now: Date) -> Markup {
        if let release { return "published \(.time(release.publishedAt, .age, now: now)) ago" }
        switch standing {
        case .waiting, .running: return "if green"
        case .finished: return "not published"
        }
    }

    private func fields(of channel: ChannelGlance, place: Stations.Place) -> Fields {
        let label = capitalized(channel.name)
        let version: Markup =
            channel.version.map {
                "<a href=\"\(Link.unit(unit))\" data-l=\"\(label)\"><b><bdi>\($0)</bdi></b></a>"
            } ?? "<span class=\"dim\" data-l=\"\(label)\">—</span>"
        let isLast = channel.name == channels.last?.name
        let standing = channel.isHeld ? "is-held" : isLast ? "is-success" : "is-waiting"
        return [
            "place": place == .at ? "at \(standing)" : place.rawValue,
            "version": version,
            "note": note(on: channel),
        ]
    }

    private func note(on channel: ChannelGlance) -> Markup {
        guard channel.version != nil else { return "" }
        let nodes: Markup =
            switch channel.nodes {
            case 0: "no node"
            case channel.nodesRunning: "\(channel.nodes) on it"
            case _:
                """
                <span class="is-warnings lit">\(channel.nodesRunning)/\(channel.nodes)</span> on it
                """
            }
        return channel.isHeld ? "\(nodes) · held" : nodes
    }
}
