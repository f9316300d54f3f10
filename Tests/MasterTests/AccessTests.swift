import CodeStore
import Core
import Foundation
import Hummingbird
import Logging
import NIOHTTP1
import Storage
import TestSupport
import Testing
import Wire

@testable import Master

@Suite struct AccessTests {
    @Test func `the list of routes is the router's`() async throws {
        try await withScratch { scratch in
            for folder in ["logs", "mirrors"] {
                try FileManager.default.createDirectory(
                    atPath: scratch.path(folder),
                    withIntermediateDirectories: true
                )
            }
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let database = try ControlDatabase(path: scratch.path("slipway.db"))
            let parts = Parts(
                MasterConfiguration(data: scratch.path()),
                database: database,
                store: try CodeStoreDatabase(path: scratch.path("store.db")),
                logger: logger
            )
            let watch = RepositoryWatch(
                database: database,
                changes: parts.changes,
                logger: logger
            )
            let found = parts.router(watch).routes.map { "\($0.method) \($0.path)" }
            let known = KnownRoute.all.map { "\($0.method) \(RouterPath($0.template))" }
            #expect(Set(found).subtracting(known) == [])
            #expect(Set(known).subtracting(found) == [])
            #expect(found.count == known.count)
        }
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0"])
    func `every route lets in whom its permission names and nobody else`(
        host: String
    ) async throws {
        try await withMaster(host: host) { live in
            var callers: [(Role?, String?)] = [(nil, nil)]
            for role in Role.allCases {
                callers.append((role, try await live.api(role).token))
            }
            for route in KnownRoute.all {
                for (role, token) in callers {
                    let status = try await live.exchange(
                        route.method,
                        route.path,
                        headers: token.map { [("Authorization", "Bearer \($0)")] } ?? [],
                        body: route.method == "GET" ? nil : "{}",
                        isReadingBody: false
                    ).status
                    let isLetIn =
                        allows(
                            route.permission,
                            to: role,
                            isReadingOpen: host == "127.0.0.1"
                        ) && !route.isForm
                    let caller = role?.rawValue ?? "nobody"
                    let what = "\(caller): \(route.method) \(route.path) \(status)"
                    if isLetIn {
                        let isSignIn = route.template == "/login" && status == 401
                        #expect(isSignIn || ![401, 403, 405, 500].contains(status), "\(what)")
                    } else {
                        #expect(status == (role == nil ? 401 : 403), "\(what)")
                    }
                }
            }
        }
    }

    @Test func `whatever is no route is not there, for everyone`() async throws {
        try await withMaster { live in
            for path in ["/nothing", "/api/v1/nothing", "/api/v2/builds", "/builds", "/..%2fetc"] {
                for api in [live.stranger, live.admin] {
                    let answer = try await api.get(path)
                    #expect(answer.status == 404, "\(path)")
                    #expect(answer.json.status.int == 404)
                    #expect(answer.headers["content-type"] == "application/problem+json")
                }
            }
            let page = try await live.exchange("GET", "/no", headers: [("Accept", "text/html")])
            #expect(page.status == 404)
            #expect(page.headers.first(name: "content-type") == "text/html; charset=utf-8")
        }
    }

    @Test func `a wrong token is refused even where everyone may look, and told why`() async throws
    {
        try await withMaster { live in
            let unknown = "slipway_0123456789_" + String(repeating: "a", count: 64)
            let altered = (live.admin.token ?? "").dropLast() + "x"
            for token in [unknown, String(altered), "x", "slipway__", "\u{E9}"] {
                let answer = try await API(base: live.url, token: token).get("/api/v1/builds")
                #expect(answer.status == 401, "\(token)")
                #expect(answer.headers["www-authenticate"] == "Bearer")
                #expect(answer.json.detail.string?.contains("slipway token create") == true)
            }
        }
    }

    @Test func `a revoked token opens nothing from that moment on`() async throws {
        try await withMaster { live in
            let made = try await live.admin.post(
                "/api/v1/tokens",
                ["name": "ada", "kind": "developer"]
            ).json
            let ada = API(base: live.url, token: made.token.string)
            #expect(try await ada.get("/api/v1/builds").status == 200)
            let id = try #require(made.id.string)
            #expect(try await live.admin.delete("/api/v1/tokens/\(id)").status == 204)
            #expect(try await ada.get("/api/v1/builds").status == 401)
            let listed = try await live.admin.get("/api/v1/tokens").text
            #expect(!listed.contains(try #require(made.token.string)))
        }
    }

    @Test func `away from loopback reading needs a token, unless it is public`() async throws {
        try await withMaster(host: "0.0.0.0") { live in
            let answer = try await live.stranger.get("/api/v1/builds")
            #expect(answer.status == 401)
            #expect(answer.json.detail.string?.contains("Authorization: Bearer") == true)
            #expect(try await live.admin.get("/api/v1/builds").status == 200)
            let page = try await live.exchange("GET", "/queue", headers: [("Accept", "text/html")])
            #expect(page.status == 303)
            #expect(page.headers.first(name: "location") == "/login?next=%2Fqueue")
        }
        try await withMaster(host: "0.0.0.0", isReadingPublic: true) { live in
            let look = try await live.stranger.get("/api/v1/builds")
            #expect(look.status == 200)
            let act = try await live.stranger.post("/api/v1/builds/1/cancellation")
            #expect(act.status == 401)
        }
    }
}
