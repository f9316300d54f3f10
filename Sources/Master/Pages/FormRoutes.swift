import CodeStore
import Core
import Foundation
import HTTPTypes
import Hummingbird
import Site
import Storage
import Wire

/// What the forms of pages do: the same actions as the API's, then back to a page.
struct FormRoutes: Sendable {
    let builds: BuildActions
    let workers: WorkerActions
    let releases: ReleaseActions

    func add(to routes: Routes) {
        addBuilds(to: routes)
        addReleases(to: routes)
        for (verb, mode, done) in [
            ("pause", WorkerMode.paused, "takes no new jobs"), ("resume", .taking, "takes jobs"),
            ("drain", .draining, "finishes its jobs and takes no new ones"),
        ] {
            routes.form("/workers/:name/\(verb)", needs: .administer) { _, context, _ in
                let name = try context.name("name")
                try await workers.set(mode, of: name)
                return FormOutcome(.workers, "Worker \(name) \(done).")
            }
        }
    }

    private func addBuilds(to routes: Routes) {
        routes.form("/repositories/:name/builds", needs: .build) { form, context, actor in
            let name = try context.name("name")
            let message = StartBuildMessage(
                ref: form["ref"],
                pipeline: form["pipeline"],
                priority: try form.priority
            )
            let started = try await builds.start(message, in: name, by: actor, idempotencyKey: nil)
            guard started.count == 1, let build = started.first else {
                return FormOutcome(.repository(name), "\(started.count) builds started.")
            }
            return FormOutcome(.build(build.id), "Build \(build.number) started.")
        }
        routes.form("/builds/:id/cancellation", needs: .build) { _, context, actor in
            let id = try context.buildID
            try await builds.cancel(id, by: actor)
            return FormOutcome(.build(id), "Cancelled; running steps end within seconds.")
        }
        routes.form("/builds/:id/approval", needs: .build) { form, context, actor in
            let id = try context.buildID
            try await builds.approve(id, isOnce: form["once"] == "true", by: actor)
            return FormOutcome(.build(id), "Approved; it runs as soon as a worker is free.")
        }
        routes.form("/builds/:id/beginning", needs: .build) { _, context, actor in
            let id = try context.buildID
            try await builds.begin(id, by: actor)
            return FormOutcome(.build(id), "It waits no longer, and begins when a worker is free.")
        }
        routes.form("/builds/:id/retries", needs: .build) { form, context, actor in
            let isFailedOnly = form["failed_only"] == "true"
            let build = try await builds.retry(
                try context.buildID,
                failedOnly: isFailedOnly,
                by: actor
            )
            return FormOutcome(.build(build.id), "Build \(build.number) runs it again.")
        }
    }

    private func addReleases(to routes: Routes) {
        routes.form("/units/:unit/channels/:channel/promotions", needs: .promote) {
            form,
            context,
            actor in
            let unit = try context.name("unit")
            let channel = try context.name("channel")
            let outcome = try await releases.promote(
                form["version"] ?? "",
                of: unit,
                to: channel,
                as: intent(form, actor)
            )
            let version = outcome.promotion.to?.version ?? ""
            return FormOutcome(
                .unit(unit),
                "\(channel) runs \(version), as r\(outcome.promotion.rev)."
            )
        }
        routes.form("/units/:unit/channels/:channel/rollbacks", needs: .promote) {
            form,
            context,
            actor in
            let unit = try context.name("unit")
            let channel = try context.name("channel")
            let outcome = try await releases.rollback(
                unit,
                channel,
                to: form["version"],
                as: intent(form, actor)
            )
            let version = outcome.promotion.to?.version ?? ""
            return FormOutcome(
                .unit(unit),
                "\(channel) is back at \(version) and held against builds."
            )
        }
    }

    private func intent(_ form: Form, _ actor: String) -> PromotionIntent {
        PromotionIntent(
            actor: PromotionActor(.person, actor),
            reason: form["reason"] ?? "",
            ifRev: form["revision"].flatMap { Int64($0) }
        )
    }
}

/// The fields of a posted form, empty ones left out.
struct Form: Sendable {
    private var fields: [String: String] = [:]

    init(_ body: String) {
        for pair in body.split(separator: "&").prefix(200) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = Self.decoded(parts[0]),
                let value = Self.decoded(parts[1]), !value.isEmpty
            else { continue }
            fields[name] = value
        }
    }

    subscript(_ name: String) -> String? { fields[name] }

    /// The fields `name.0`, `name.1` and so on.
    func list(_ name: String) -> [String] {
        Array((0..<fields.count).lazy.map { fields["\(name).\($0)"] }.prefix { $0 != nil })
            .compactMap(\.self)
    }

    /// Nil where the field was left empty.
    var priority: Int? {
        get throws {
            guard let text = self["priority"] else { return nil }
            guard let number = Int(text) else {
                throw RequestProblem(
                    .badRequest,
                    "The priority must be a number from \(priorities.lowerBound) to "
                        + "\(priorities.upperBound), not '\(text.prefix(40))'."
                )
            }
            return number
        }
    }

    private static func decoded(_ text: Substring) -> String? {
        String(text.map { $0 == "+" ? " " : $0 }).removingPercentEncoding
    }
}

/// Where a form leads, and the sentence shown there.
struct FormOutcome {
    var link: Link
    var sentence: String

    init(_ link: Link, _ sentence: String) {
        self.link = link
        self.sentence = sentence
    }
}

/// What a form is answered with.
enum FormAnswer {
    case outcome(FormOutcome)
    /// The form's own page again.
    case page(Response)
}

extension Routes {
    /// Adds a form's action: only for signed-in people, from our own pages, with the form's token.
    ///
    /// A refusal leads back to the page the form was on, and says why.
    func form(
        _ path: String,
        needs permission: Permission,
        _ action: @escaping @Sendable (Form, MasterContext, String) async throws -> FormOutcome
    ) {
        form(path, needs: permission) { form, _, context, actor in
            .outcome(try await action(form, context, actor))
        }
    }

    /// The same, for an action that may show the form again.
    func form(
        _ path: String,
        needs permission: Permission,
        _ action:
            @escaping @Sendable (Form, Request, MasterContext, String) async throws -> FormAnswer
    ) {
        on(.post, path, needs: permission) { request, context in
            let form = try await request.form()
            guard let person = context.person, form["csrf"] == person.csrf, request.isFromOurPages
            else {
                throw RequestProblem(
                    .forbidden,
                    "This form is out of date: load the page again, then send it."
                )
            }
            do {
                switch try await action(form, request, context, person.name) {
                case .outcome(let outcome):
                    let flash = Flash(kind: .done, text: outcome.sentence)
                    return redirect(to: outcome.link.path, flash)
                case .page(let response):
                    return response
                }
            } catch {
                guard let sentence = refusal(error) else { throw error }
                let back = request.refererPath ?? "/"
                return redirect(to: back, Flash(kind: .refused, text: sentence))
            }
        }
    }
}

private func redirect(to path: String, _ flash: Flash) -> Response {
    var response = Response(status: .seeOther, headers: [.location: path])
    response.setCookie(flash.asCookie)
    return response
}

/// The words of an error that the person can do something about.
private func refusal(_ error: any Error) -> String? {
    let problem: RequestProblem? =
        switch error {
        case let problem as RequestProblem: problem
        case let error as StorageError where error.code != .other: RequestProblem(error)
        case let error as CodeStoreError: RequestProblem(error)
        case _: nil
        }
    guard let problem, problem.status != .internalServerError else { return nil }
    return ([problem.detail] + problem.reasons).joined(separator: " ")
}

extension Request {
    /// A body of `application/x-www-form-urlencoded`, at most 64 KiB.
    func form() async throws -> Form {
        let buffer = try await collected(limit: 64 << 10)
        return Form(String(decoding: buffer.readableBytesView, as: UTF8.self))
    }

    /// Whether the browser says that the request began on a page of this server.
    var isFromOurPages: Bool {
        if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ headers[$0] }) {
            return site == "same-origin" || site == "none"
        }
        guard let origin = headers[.origin] else { return true }
        guard let host = head.authority else { return false }
        return origin == "http://\(host)" || origin == "https://\(host)"
    }

    /// The path of the page the request came from, where it is one of ours.
    fileprivate var refererPath: String? {
        guard let referer = headers[.referer], let host = head.authority else {
            return nil
        }
        for scheme in ["http://", "https://"] {
            let prefix = scheme + host
            if referer.utf8.starts(with: prefix.utf8) {
                return String(decoding: referer.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
            }
        }
        return nil
    }
}
