import Core

import struct Foundation.Date

extension UnitPage {
    func content(now: Date) -> Content {
        let names = channels.map(\.name)
        let nodes = channels.flatMap { channel in
            channel.nodes.map { $0.rowFields(of: channel, now: now) }
        }
        return Content(
            template: "unit",
            fields: [
                "unit": unit,
                "facts": facts,
                "says": says,
                "buildHull": newest.map(hull) ?? "",
                "build": buildMarkup(now: now),
                "newestReleases": releases.prefix(6).map { $0.briefFields(now: now) },
                "channels": channels.enumerated().map { index, channel in
                    channel.fields(
                        of: unit,
                        index: index,
                        isLast: index == channels.count - 1,
                        releases: releases.map(\.version),
                        now: now
                    )
                },
                "releasesNote": releases.count < releaseCount
                    ? "the newest \(releases.count) of \(grouped(releaseCount))" : "newest first",
                "releases": releases.map { $0.rowFields(now: now) },
                "hasNodes": !nodes.isEmpty,
                "allNodes": nodes,
                "log": log.map { $0.rowFields(channels: names, now: now) },
                "older": olderLog.map {
                    "<a href=\"\(Link.promotions(unit: unit, before: $0))\">Older promotions</a>"
                        as Markup
                } ?? "",
            ]
        )
    }

    private var facts: Markup {
        let from: Markup =
            repository.map {
                "From repository <a href=\"\(Link.repository($0))\"><bdi>\($0)</bdi></a>. "
            } ?? ""
        let nodes = channels.reduce(0) { $0 + $1.nodes.count }
        return """
            \(from)\(count(releaseCount, "release")), \(sized(storeBytes)) in the store. \
            \(nodes == 0 ? "No node follows it yet." : "\(count(nodes, "node")) \(nodes == 1 ? "follows" : "follow") it.")
            """
    }

    /// What may go where, and what is wrong.
    private var says: Markup {
        var sentences: [Markup] = []
        let broken = channels.flatMap(\.nodes).filter { $0.error != nil }
        if let first = broken.first {
            let more = broken.count > 1 ? " and \(broken.count - 1) more" : ""
            sentences.append(
                "\(bold: first.name)\(more) could not load \(broken.count == 1 ? "its" : "their") release."
            )
        }
        let order = releases.map(\.version)
        let moves = channels.compactMap { channel in
            channel.next(in: order).map { (version: $0, channel: channel.name) }
        }
        for (version, channel) in moves {
            sentences.append("\(bold: version) may go to \(name: channel).")
        }
        if moves.isEmpty {
            sentences.append(
                releases.isEmpty
                    ? "There is no release yet, so no channel can move."
                    : "Nothing waits to be promoted."
            )
        }
        return sentences.joined(" ")
    }

    private func hull(_ build: BuildGlance) -> Markup {
        """
        <svg class="hull\(build.standing == .finished(.success) ? "" : " is-\(build.standing.word)")" aria-hidden="true"><use href="#hull"/></svg>
        """
    }

    private func buildMarkup(now: Date) -> Markup {
        guard let newest else {
            return "<p class=\"ver\">none</p><p class=\"sub\">no build yet</p>"
        }
        let link = Link.build(newest.link.id)
        let standing = newest.standing
        let moment: Markup =
            switch standing {
            case .waiting, .running: ""
            case .finished: " \(.time(newest.finishedAt ?? newest.createdAt, .age, now: now)) ago"
            }
        let glow = standing == .finished(.success) ? "" : "is-\(standing.word)"
        let hint: Markup =
            standing.isRed ? " Nothing new comes until a build is green." : ""
        return """
            <p class="ver \(glow)"><a href="\(link)">\(newest.link.number)</a></p>\
            <p class="sub"><span class="\(glow) lit">\(capitalized(standing.verb))\(moment).</span>\
            \(hint)</p>
            """
    }
}

extension ReleaseRow {
    private var versionMarkup: Markup {
        rejection == nil ? "<bdi>\(version)</bdi>" : "<s><bdi>\(version)</bdi></s>"
    }

    /// As a line below the build.
    fileprivate func briefFields(now: Date) -> Fields {
        [
            "class": rejection == nil ? "" : "is-failure",
            "version": versionMarkup,
            "when": rejection == nil
                ? Markup.time(publishedAt, .when, now: now)
                : "<span class=\"lit\">rejected</span>" as Markup,
            "where": channels.last ?? "",
        ]
    }

    /// As a row of the table.
    fileprivate func rowFields(now: Date) -> Fields {
        [
            "class": rejection == nil ? "" : "is-failure",
            "version": versionMarkup,
            "published": Markup.time(publishedAt, .when, now: now),
            "build": build.map(Markup.link(to:)) ?? "",
            "sha": sha.map(short) ?? "",
            "files": grouped(files),
            "size": sized(bytes),
            "digest": shortDigest(digest),
            "where": rejection.map { "<span class=\"lit\">rejected: \(name: $0)</span>" }
                ?? Markup(text: listed(channels)),
        ]
    }
}

extension PromotionLine {
    /// As a row of the log.
    fileprivate func rowFields(channels: [String], now: Date) -> Fields {
        [
            "class": rowClass,
            "revision": revision,
            "when": Markup.time(at, .when, now: now),
            "mini": mini(channels),
            "kind": words,
            "channel": channel.isEmpty ? "everywhere" : channel,
            "release": move,
            "who": who,
            "why": why,
            "hash": String(hash.prefix(8)),
        ]
    }

    private var words: String {
        switch kind {
        case .promoted: "promoted"
        case .rolledBack: "rolled back"
        case .rejected: "rejected"
        case .held: "hold set"
        case .holdLifted: "hold lifted"
        case .frozen: "freeze set"
        case .thawed: "freeze lifted"
        }
    }

    /// What took something away is red, what closed a channel amber, the rest quiet.
    private var rowClass: String {
        switch kind {
        case .promoted, .holdLifted, .thawed: ""
        case .rolledBack, .rejected: "is-failure"
        case .held, .frozen: "is-warnings"
        }
    }

    private var move: Markup {
        let ends = [from, to].compactMap { version in
            version.map { "<b><bdi>\($0)</bdi></b>" as Markup }
        }
        return ends.joined(" → ")
    }

    /// The way in small: the channel that moved is filled.
    private func mini(_ channels: [String]) -> Markup {
        let dots = channels.enumerated().map { index, name in
            let x = 4 + index * 25
            return name == channel
                ? "<circle class=\"on\" cx=\"\(x)\" cy=\"6\" r=\"4\"/>" as Markup
                : "<circle class=\"off\" cx=\"\(x)\" cy=\"6\" r=\"2.5\"/>"
        }
        let width = 8 + 25 * max(0, channels.count - 1)
        return """
            <svg class="mini" viewBox="0 0 \(width) 12" width="\(width)" height="12" \
            aria-hidden="true"><path class="e" d="M4 6h\(width - 8)"/>\(dots.joined())</svg>
            """
    }
}
