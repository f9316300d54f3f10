import CodeStore
import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Site
import Storage
import Wire

/// Draws pages: what every page needs besides its own content.
struct PageMaker: Sendable {
    let site: Site
    let database: ControlDatabase
    let store: CodeStoreDatabase
    let registry: WorkerRegistry
    let leases: LeaseTable
    let isReadingOpen: Bool

    /// Answers with a page; the flash of the last action is shown once.
    func answer(
        _ page: Page,
        status: HTTPResponse.Status = .ok,
        to request: Request,
        _ context: MasterContext
    ) async throws -> Response {
        let flash = Flash(cookie: request.cookies[Flash.cookie]?.value)
        let frame = PageFrame(
            path: request.uri.string,
            now: Date(),
            person: context.person?.name,
            mayAdminister: allows(
                .administer,
                to: context.principal.role,
                isReadingOpen: isReadingOpen
            ),
            csrf: context.person?.csrf ?? "",
            flash: flash,
            version: slipwayVersion,
            rail: try await rail(for: context.principal)
        )
        var response = text(
            site.html(page, in: frame),
            status: status,
            type: "text/html; charset=utf-8"
        )
        response.headers[.contentSecurityPolicy] = Site.contentSecurityPolicy
        if flash != nil { response.setCookie(Flash.clearing) }
        return response
    }

    /// What the rail counts; nothing for one who may not look.
    private func rail(for principal: Principal) async throws -> Rail {
        guard allows(.read, to: principal.role, isReadingOpen: isReadingOpen) else { return Rail() }
        let (repositories, workers, queue) = try await database.read { tx in
            let repositories = try tx.repositories().prefix(50).map { repository in
                let filter = BuildFilter(
                    repository: repository.name,
                    ref: Ref.branchPrefix + repository.defaultBranch
                )
                let newest = try tx.builds(filter, limit: 1, before: nil).first
                return RailRepository(
                    name: repository.name,
                    standing: newest.map { Standing($0.state, $0.result) }
                )
            }
            return (repositories, try tx.workers(), try tx.queue(limit: 1_000))
        }
        let present = workers.filter { registry.standing(of: $0.name).isPresent }
        let waiting = queue.filter { !$0.isBlocked }
        return Rail(
            repositories: repositories,
            units: try await store.units().map(\.name),
            waitingJobs: waiting.count,
            unservedJobs: waiting.count { entry in
                !present.contains { Set($0.labels).isSuperset(of: entry.labels) }
            },
            workersPresent: present.count,
            workersKnown: workers.count,
            slotsBusy: present.reduce(0) { $0 + leases.jobs(of: $1.name).count },
            slots: present.reduce(0) { $0 + $1.slots },
            lastRevision: try await store.promotions(LogQuery(limit: 1)).first.map { Int($0.rev) }
        )
    }
}

extension MasterContext {
    /// The signed-in person; nil for tokens and strangers.
    var person: (name: String, csrf: String)? {
        switch principal {
        case .person(let name, _, let csrf): (name, csrf)
        case .nobody, .token: nil
        }
    }
}

extension Flash {
    static let cookie = "slipway_flash"

    static var clearing: Cookie {
        Cookie(
            name: cookie,
            value: "",
            maxAge: 0,
            path: "/",
            httpOnly: true,
            sameSite: .lax
        )
    }

    /// Reads what ``asCookie`` wrote.
    init?(cookie value: String?) {
        guard let value, let text = value.dropFirst().removingPercentEncoding,
            !text.isEmpty
        else { return nil }
        self.init(kind: value.utf8.first == UInt8(ascii: "d") ? .done : .refused, text: text)
    }

    /// Carries the sentence to the next page, for a minute.
    var asCookie: Cookie {
        let kind: String =
            switch self.kind {
            case .done: "d"
            case .refused: "r"
            }
        let text = self.text.prefix(1_000).addingPercentEncoding(
            withAllowedCharacters: .alphanumerics
        )
        return Cookie(
            name: Self.cookie,
            value: kind + (text ?? ""),
            maxAge: 60,
            path: "/",
            httpOnly: true,
            sameSite: .lax
        )
    }
}
