import Core

/// A page and what it shows.
package enum Page: Equatable, Sendable {
    case home(HomePage)
    case repository(RepositoryPage)
    case build(BuildPage)
    case log(LogPage)
    case queue(QueuePage)
    case workers(WorkersPage)
    case unit(UnitPage)
    case login(LoginPage)
    case error(ErrorPage)
}

/// A template and what it is filled with.
struct Content {
    var template: String
    var fields: Fields
}

extension Page {
    /// The inside of `<main>`.
    func content(in frame: PageFrame) -> Content {
        switch self {
        case .home(let page): page.content(now: frame.now)
        case .repository(let page): page.content(now: frame.now)
        case .build(let page): page.content(now: frame.now)
        case .log(let page): page.content(now: frame.now)
        case .queue(let page): page.content(now: frame.now)
        case .workers(let page): page.content(now: frame.now)
        case .unit(let page): page.content(now: frame.now)
        case .login(let page): page.content()
        case .error(let page): page.content()
        }
    }

    /// The name the stylesheet and the script know the page by.
    var kind: String {
        switch self {
        case .home: "home"
        case .repository: "repository"
        case .build: "build"
        case .log: "log"
        case .queue: "queue"
        case .workers: "workers"
        case .unit: "unit"
        case .login: "login"
        case .error: "error"
        }
    }

    /// As tabs and bookmarks show it: how things stand first.
    var title: String {
        switch self {
        case .home: "Overview"
        case .repository(let page): page.name
        case .build(let page):
            """
            \(page.standing.sign) \(page.link.repository) \(page.link.number) \
            \(page.standing.verb)
            """
        case .log(let page):
            """
            \(page.shownStanding.sign) \(page.shownName) of \(page.job.name), \
            \(page.build.repository) \(page.build.number)
            """
        case .queue(let page): page.jobCount == 0 ? "Queue" : "Queue (\(page.jobCount))"
        case .workers: "Workers"
        case .unit(let page): "Unit \(page.unit)"
        case .login: "Sign in"
        case .error(let page): page.heading
        }
    }

    /// From the overview to this page.
    var crumbs: [Crumb] {
        let home = Crumb("Overview", .home)
        switch self {
        case .home: return [Crumb("Overview")]
        case .repository(let page): return [home, Crumb(page.name)]
        case .build(let page):
            return [
                home, Crumb(page.link.repository, .repository(page.link.repository)),
                Crumb("build \(page.link.number)"),
            ]
        case .log(let page):
            return [
                home, Crumb(page.build.repository, .repository(page.build.repository)),
                Crumb("build \(page.build.number)", .build(page.build.id)),
                Crumb(page.job.name),
            ]
        case .queue: return [home, Crumb("Queue")]
        case .workers: return [home, Crumb("Workers")]
        case .unit(let page): return [home, Crumb("unit \(page.unit)")]
        case .login: return [home, Crumb("Sign in")]
        case .error(let page): return [home, Crumb(page.heading)]
        }
    }

    /// What the page is about, as attributes of `body`, so that the script knows which events
    /// concern it.
    var concerns: Markup {
        switch self {
        case .home, .queue, .workers, .login, .error: ""
        case .repository(let page): " data-repository=\"\(page.name)\""
        case .build(let page): " data-build=\"\(page.link.id.description)\""
        case .log(let page):
            " data-build=\"\(page.build.id.description)\" data-job=\"\(page.job.id.description)\""
        case .unit(let page): " data-unit=\"\(page.unit)\""
        }
    }
}

/// One step of the way from the overview to a page.
struct Crumb: Equatable {
    var name: String
    /// Nil for the page itself.
    var link: Link?

    init(_ name: String, _ link: Link? = nil) {
        self.name = name
        self.link = link
    }
}
