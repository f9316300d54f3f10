extension Page {
    /// What every template may use.
    func commonFields(in frame: PageFrame) -> Fields {
        [
            "csrf": csrfField(frame.csrf),
            "canAct": frame.person != nil,
            "canAdminister": frame.person != nil && frame.mayAdminister,
            "signInPath": Link.login.path + "?next=" + encoded(frame.path),
        ]
    }

    /// The frame around `main`.
    func layoutFields(in frame: PageFrame, assets: Assets, main: Markup) -> Fields {
        let rail = frame.rail
        return [
            "title": title,
            "kind": kind,
            "concerns": concerns,
            "stylePath": assets.path(of: "style.css"),
            "scriptPath": assets.path(of: "script.js"),
            "iconPath": assets.path(of: "favicon.svg"),
            "stops": stops(rail),
            "hasRepositories": !rail.repositories.isEmpty,
            "repositories": rail.repositories.map(repositoryFields),
            "hasUnits": !rail.units.isEmpty,
            "units": rail.units.map(unitFields),
            "slotsBusy": rail.slotsBusy,
            "slots": rail.slots,
            "slotsShare": share(rail.slotsBusy, of: rail.slots),
            "lastRevision": rail.lastRevision,
            "version": frame.version,
            "crumbs": crumbs.map(crumbMarkup).joined(),
            "clock": Markup.time(frame.now, .clock, now: frame.now),
            "person": frame.person,
            "logoutPath": Link.logout.path,
            "flash": frame.flash.map(flashMarkup) ?? "",
            "main": main,
        ]
    }

    private func stops(_ rail: Rail) -> [Fields] {
        let waiting: Markup? =
            switch (rail.waitingJobs, rail.unservedJobs) {
            case (0, _): nil
            case (let waiting, 0): "<b class=\"count\">\(waiting)</b>"
            case (let waiting, let unserved):
                """
                <b class="count is-warnings" title="\(unserved) of them no worker can run">\
                \(waiting)</b>
                """
            }
        let workers: Markup = """
            <b class="count">\(rail.workersPresent)<i>/\(rail.workersKnown)</i></b>
            """
        return [
            stop("Overview", .home, icon: "overview", isHere: kind == "home"),
            stop("Queue", .queue, icon: "queue", count: waiting, isHere: kind == "queue"),
            stop("Workers", .workers, icon: "workers", count: workers, isHere: kind == "workers"),
        ]
    }

    private func stop(
        _ name: String,
        _ link: Link,
        icon: String,
        count: Markup? = nil,
        isHere: Bool
    ) -> Fields {
        [
            "name": name, "path": link.path, "icon": icon, "count": count,
            "current": current(isHere),
        ]
    }

    private func repositoryFields(_ repository: RailRepository) -> Fields {
        [
            "name": repository.name,
            "path": Link.repository(repository.name).path,
            "lamp": repository.standing.map(Markup.lamp)
                ?? Markup.lamp("skipped", label: "not built yet"),
            "current": repositoryMark(repository.name),
        ]
    }

    /// A repository is the current page, or the page is about something of it.
    private func repositoryMark(_ name: String) -> Markup {
        switch self {
        case .repository(let page): current(page.name == name)
        case .build(let page): page.link.repository == name ? " class=\"on\"" : ""
        case .log(let page): page.build.repository == name ? " class=\"on\"" : ""
        case .unit(let page): page.repository == name ? " class=\"on\"" : ""
        case .home, .queue, .workers, .login, .error: ""
        }
    }

    private func unitFields(_ unit: String) -> Fields {
        var isHere = false
        if case .unit(let page) = self { isHere = page.unit == unit }
        return ["name": unit, "path": Link.unit(unit).path, "current": current(isHere)]
    }

    private func current(_ isHere: Bool) -> Markup { isHere ? " aria-current=\"page\"" : "" }

    private func crumbMarkup(_ crumb: Crumb) -> Markup {
        guard let link = crumb.link else {
            return "<li><span aria-current=\"page\"><bdi>\(crumb.name)</bdi></span></li>"
        }
        return "<li><a href=\"\(link)\"><bdi>\(crumb.name)</bdi></a></li>"
    }

    private func flashMarkup(_ flash: Flash) -> Markup {
        switch flash.kind {
        case .done:
            "<p class=\"flash is-success\" role=\"status\">\(.lamp("success", label: "done")) \(flash.text)</p>"
        case .refused:
            "<p class=\"flash is-failure\" role=\"alert\">\(.lamp("failure", label: "refused")) \(flash.text)</p>"
        }
    }
}

/// The hidden field that every form that changes something carries.
private func csrfField(_ token: String) -> Markup {
    "<input type=\"hidden\" name=\"csrf\" value=\"\(token)\">"
}

/// How much of the whole, in percent, for a bar that is a hundred wide.
func share(_ part: Int, of whole: Int) -> Markup {
    whole > 0 ? "\(Length(100 * Double(part) / Double(whole)))" : "0"
}
