import struct Foundation.Date

extension ChannelColumn {
    /// The channel's section of the board.
    ///
    /// `releases` are the versions of the unit, newest first.
    func fields(
        of unit: String,
        index: Int,
        isLast: Bool,
        releases: [String],
        now: Date
    ) -> Fields {
        let next = next(in: releases)
        let running = nodes.filter { $0.running != nil && $0.running == version }
        return [
            "index": index,
            "name": name,
            "number": revision,
            "water": isLast ? " water" : "",
            "shut": isHeld ? " shut" : "",
            "revision": revision == 0 ? "" : "<i>r\(revision)</i>" as Markup,
            "hull": version == nil
                ? ""
                : "<svg class=\"hull\" aria-hidden=\"true\"><use href=\"#hull\"/></svg>" as Markup,
            "version": version.map { "<bdi>\($0)</bdi>" as Markup }
                ?? "<span class=\"dim\">none</span>" as Markup,
            "age": since.map { "<small>for \(.elapsed(since: $0, now: now))</small>" as Markup }
                ?? "",
            "since": sinceWords(now: now),
            "held": isHeld ? "a roll-back keeps automation away; a person may still promote." : nil,
            "seen": seen(running: running.count),
            "nodes": nodes.map { $0.cellFields(of: self) },
            "rollBack": rollBack(unit),
            "from": from.map { "<i>from <bdi>\($0)</bdi></i>" as Markup } ?? "",
            "next": nextMarkup(next),
            "candidate": candidate(unit, next: next),
        ]
    }

    private func sinceWords(now: Date) -> Markup {
        guard let since else { return "nothing has come here yet" }
        let who: Markup = by.map { " by \(name: $0)" } ?? ""
        let why: Markup = why.flatMap { $0.isEmpty ? nil : ": \(name: $0)" } ?? ""
        return "since \(.time(since, .when, now: now))\(who)\(why)"
    }

    private func seen(running: Int) -> Markup {
        switch nodes.count {
        case 0: "No node follows it."
        case let total where version == nil:
            "\(count(total, "node")) \(total == 1 ? "follows" : "follow") it."
        case let total: "<b>\(running) of \(total)</b> \(total == 1 ? "node runs" : "nodes run") it"
        }
    }

    /// The candidate that comes next: newer than what is here, for an older one is a roll-back.
    func next(in releases: [String]) -> String? {
        guard let version, let here = releases.firstIndex(of: version) else {
            return candidates.first
        }
        return candidates.first { candidate in
            releases.firstIndex(of: candidate).map { $0 < here } ?? false
        }
    }

    private func nextMarkup(_ next: String?) -> Markup {
        if let next {
            return "<p class=\"cand\"><bdi>\(next)</bdi> <small>may go now</small></p>"
        }
        guard let from else {
            return "<p class=\"sub\">Whatever the next green build publishes.</p>"
        }
        return "<p class=\"sub\">Nothing: \(name: from) has no newer release.</p>"
    }

    private func rollBack(_ unit: String) -> Fields? {
        guard !earlier.isEmpty else { return nil }
        return [
            "path": Link.rollBack(unit: unit, channel: name).path,
            "options": options(earlier),
        ]
    }

    private func candidate(_ unit: String, next: String?) -> Fields? {
        guard let next else { return nil }
        return [
            "path": Link.promote(unit: unit, channel: name).path,
            "candidateVersion": next,
            "options": options(candidates),
            "conditions": conditions(for: next),
        ]
    }

    private func options(_ versions: [String]) -> Markup {
        versions.map { "<option value=\"\($0)\">\($0)</option>" }.joined()
    }

    /// What is known to speak for the next release, and what to mind.
    private func conditions(for version: String) -> [Fields] {
        var conditions: [Fields] = []
        if let from {
            conditions.append(condition("success", "Order", "\(name: from) points at it"))
        }
        if !nodes.isEmpty {
            let ready = nodes.filter { $0.prepared == version || $0.running == version }.count
            conditions.append(
                condition(
                    ready == nodes.count ? "success" : "waiting",
                    "Prepared",
                    "\(ready) of \(count(nodes.count, "node"))"
                )
            )
        }
        if isHeld {
            conditions.append(
                condition(
                    "warnings",
                    "Mind",
                    "\(name: name) was rolled back; promoting lifts the hold"
                )
            )
        }
        return conditions
    }

    private func condition(_ glyph: String, _ what: String, _ words: Markup) -> Fields {
        let label =
            switch glyph {
            case "success": "met"
            case "waiting": "not yet met"
            case _: "mind"
            }
        return [
            "glyph": glyph, "lamp": Markup.lamp(glyph, label: label), "what": what, "words": words,
        ]
    }
}

extension NodeCell {
    /// What the master observes of it.
    private enum State: String {
        case well
        case behind
        case failing
        case away
    }

    private func state(of channel: ChannelColumn) -> State {
        if error != nil { return .failing }
        if !isPresent { return .away }
        return running == channel.version ? .well : .behind
    }

    /// As a cell of the board: the end of its name, the rest for who cannot see it.
    func cellFields(of channel: ChannelColumn) -> Fields {
        let words = words(channel)
        let ending = shortEnding
        return [
            "class": cellClass(channel),
            "title": "\(name) \(words)",
            "label": """
            <span class="vh">\(name.dropLast(ending.count).description)</span>\(ending)\
            <span class="vh"> \(words)</span>
            """ as Markup,
        ]
    }

    private func cellClass(_ channel: ChannelColumn) -> String {
        switch state(of: channel) {
        case .failing: "is-failure"
        case .away: "gone"
        case .behind: "behind"
        case .well: prepared != nil && prepared != running ? "ready" : ""
        }
    }

    private func words(_ channel: ChannelColumn) -> String {
        var words = running.map { "runs \($0)" } ?? "runs nothing yet"
        if let prepared, prepared != running { words += ", \(prepared) prepared" }
        if let error { words += ", error: \(error)" }
        if !isPresent { words += ", away" }
        return words
    }

    /// The digits at the end of its name, or its last two letters.
    private var shortEnding: String {
        let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.prefix(3)
        return String((digits.isEmpty ? name.reversed().prefix(2) : digits).reversed())
    }

    /// As a row of the table of nodes.
    func rowFields(of channel: ChannelColumn, now: Date) -> Fields {
        let lamp: Markup =
            switch state(of: channel) {
            case .well: .lamp("success", label: "runs what its channel says")
            case .behind: .lamp("waiting", label: "behind its channel")
            case .failing: .lamp("failure", label: "error")
            case .away: .lamp("skipped", label: "away")
            }
        return [
            "class": error == nil ? "" : "is-failure",
            "lamp": lamp,
            "name": name,
            "channel": channel.name,
            "runs": running.map { "<bdi>\($0)</bdi>" as Markup } ?? "nothing yet",
            "prepared": prepared.map { "<bdi>\($0)</bdi>" as Markup } ?? "",
            "seen": "\(.time(seenAt, .age, now: now)) ago" as Markup,
            "error": error ?? "",
        ]
    }
}
