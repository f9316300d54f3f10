import Core
import Foundation
import HTTPTypes
import Hummingbird
import Site

/// Signing in and out: with the one-time link of the first start, or with a token.
struct SessionRoutes: Sendable {
    let access: Access
    let pages: PageMaker

    func add(to routes: Routes) {
        routes.on(.get, "/login", needs: .open) { request, context in
            if let code = request.query("code") {
                if access.takeSignInCode(code) {
                    return try await signIn(as: "admin", .admin, [], then: "/")
                }
                let problem = "This link was used already. Sign in with a token."
                return try await pages.answer(
                    .login(LoginPage(problem: problem)),
                    status: .forbidden,
                    to: request,
                    context
                )
            }
            let page = LoginPage(next: Self.safe(request.query("next")))
            return try await pages.answer(.login(page), to: request, context)
        }
        routes.on(.post, "/login", needs: .open) { request, context in
            try await signIn(request, context)
        }
        routes.on(.post, "/logout", needs: .open) { request, context in
            let form = try await request.form()
            if let person = context.person, form["csrf"] == person.csrf,
                let cookie = request.cookies[Access.cookie]?.value
            {
                try await access.signOut(cookie)
            }
            var response = Response(status: .seeOther, headers: [.location: "/"])
            response.setCookie(Self.cookie("", life: 0))
            return response
        }
    }

    private func signIn(_ request: Request, _ context: MasterContext) async throws -> Response {
        guard request.isFromOurPages else {
            throw RequestProblem(.forbidden, "Sign in on this server's own page.")
        }
        let form = try await request.form()
        let next = Self.safe(form["next"])
        let token = String((form["token"] ?? "").filter { !$0.isWhitespace })
        do {
            let principal = try await access.principal(ofToken: token)
            guard case .token(let id, let name, let role) = principal, role != .worker
            else { throw RequestProblem(.unauthorized, "A worker's token signs nobody in.") }
            let teams = try await access.teams(ofToken: id)
            return try await signIn(as: name, role, teams, then: next)
        } catch let problem as RequestProblem where problem.status == .unauthorized {
            let page = LoginPage(next: next, problem: problem.detail)
            return try await pages.answer(
                .login(page),
                status: .unauthorized,
                to: request,
                context
            )
        }
    }

    private func signIn(
        as person: String,
        _ role: Role,
        _ teams: [String],
        then next: String
    ) async throws -> Response {
        let cookie = try await access.signIn(as: person, role: role, teams: teams, at: Date())
        var response = Response(status: .seeOther, headers: [.location: next])
        response.setCookie(Self.cookie(cookie, life: Int(Access.sessionLife)))
        return response
    }

    private static func cookie(_ value: String, life: Int) -> Cookie {
        Cookie(
            name: Access.cookie,
            value: value,
            maxAge: life,
            path: "/",
            httpOnly: true,
            sameSite: .lax
        )
    }

    /// A path of this server: begins with one slash, holds no backslash or control byte.
    private static func safe(_ next: String?) -> String {
        guard let next = next?.removingPercentEncoding else { return "/" }
        let bytes = Array(next.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.dropFirst().first != UInt8(ascii: "/"),
            !bytes.contains(UInt8(ascii: "\\")), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return "/" }
        return next
    }
}
