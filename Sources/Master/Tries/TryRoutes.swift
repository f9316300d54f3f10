import Core
import Foundation
import HTTPTypes
import Hummingbird
import Wire

/// How a working tree that was not pushed comes to be built.
struct TryRoutes: Sendable {
    let actions: TryActions

    func add(to routes: Routes) {
        routes.on(.post, "/api/v1/repositories/:name/commits/known", needs: .try) {
            request,
            context in
            let message: CommitsMessage = try await request.decoded()
            let known = try await actions.known(
                among: message.commits,
                in: try context.name("name")
            )
            return try json(CommitsMessage(commits: known))
        }
        routes.on(.put, "/api/v1/repositories/:name/tries/:sha", needs: .try) {
            request,
            context in
            try await actions.take(
                request.body,
                as: try context.name("sha"),
                in: try context.name("name")
            )
            return Response(status: .noContent)
        }
        routes.on(.post, "/api/v1/repositories/:name/tries", needs: .try) { request, context in
            let message: StartTryMessage = try await request.decoded()
            let builds = try await actions.start(
                message,
                in: try context.name("name"),
                by: context.principal.name,
                idempotencyKey: try request.idempotencyKey
            )
            return try json(
                StartedBuildsMessage(builds: builds.map { BuildMessage($0) }),
                status: .created
            )
        }
    }
}
