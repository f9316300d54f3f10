import Core
import Foundation
import HTTPTypes
import Hummingbird
import Wire

/// Where routes are put: each names the permission it asks, and there is no other way in.
struct Routes {
    let router: Router<MasterContext>
    let isReadingOpen: Bool

    typealias Handler = @Sendable (Request, MasterContext) async throws -> Response

    /// Adds a route that runs only for callers that may use it.
    func on(
        _ method: HTTPRequest.Method,
        _ path: String,
        needs permission: Permission,
        _ handler: @escaping Handler
    ) {
        let isReadingOpen = isReadingOpen
        router.on(RouterPath(path), method: method) { request, context in
            try authorize(request, context, permission, isReadingOpen: isReadingOpen)
            return try await handler(request, context)
        }
    }
}

private func authorize(
    _ request: Request,
    _ context: MasterContext,
    _ permission: Permission,
    isReadingOpen: Bool
) throws {
    if allows(permission, to: context.principal.role, isReadingOpen: isReadingOpen) {
        return try refuseForeignPages(request, context)
    }
    switch context.principal {
    case .nobody where request.method == .get && request.wantsPage:
        let path = request.uri.string.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        throw Redirection(to: "/login?next=\(path ?? "%2F")")
    case .nobody:
        throw RequestProblem(
            .unauthorized,
            "This needs a token: send `Authorization: Bearer TOKEN`, or sign in at /login.",
            headers: [.wwwAuthenticate: "Bearer"]
        )
    case .token, .person:
        throw RequestProblem(
            .forbidden,
            "\(context.principal.name) may not do this: it needs the permission to \(permission)."
        )
    }
}

/// A browser sends its cookie along with what other pages of the same host ask for, on any port.
private func refuseForeignPages(_ request: Request, _ context: MasterContext) throws {
    guard context.person != nil, request.method != .get, request.method != .head,
        !request.isFromOurPages
    else { return }
    throw RequestProblem(
        .forbidden,
        "This came from a page of another server: do it on this server's own pages."
    )
}

/// Sends the browser elsewhere.
struct Redirection: Error {
    var location: String

    init(to location: String) {
        self.location = location
    }

    func response(from request: Request, context: some RequestContext) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }
}

extension Request {
    /// Whether the caller is a browser that wants to show what it gets.
    var wantsPage: Bool { headers[.accept]?.utf8Contains("text/html") ?? false }
}

extension String {
    /// Whether the bytes of `part` occur; unlike `contains`, blind to how characters combine.
    func utf8Contains(_ part: String) -> Bool {
        let wanted = Array(part.utf8)
        let bytes = Array(utf8)
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { start in
            bytes[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }
}
