import Core
import Hummingbird
import Site

/// The pages, and the assets they load.
struct PageRoutes: Sendable {
    let views: Views
    let pages: PageMaker

    func add(to routes: Routes) {
        page("/", routes) { _, _ in .home(try await views.home()) }
        page("/repositories/:name", routes) { request, context in
            .repository(
                try await views.repository(
                    named: try context.name("name"),
                    ref: request.query("ref"),
                    cursor: request.query("cursor")
                )
            )
        }
        page("/builds/:id", routes) { _, context in
            .build(try await views.build(try context.buildID))
        }
        page("/jobs/:id", routes) { request, context in
            .log(
                try await views.log(
                    of: JobID(try context.number("id")),
                    step: request.query("step").flatMap { Int($0) },
                    from: request.query("from").flatMap { Int($0) }
                )
            )
        }
        page("/queue", routes) { _, _ in .queue(try await views.queue()) }
        page("/workers", routes) { _, _ in .workers(try await views.workers()) }
        page("/units/:unit", routes) { request, context in
            .unit(
                try await views.unit(
                    try context.name("unit"),
                    before: request.query("before").flatMap { Int($0) }
                )
            )
        }
        routes.on(.get, "/assets/:name", needs: .open) { request, _ in
            guard let asset = pages.site.asset(request.uri.path) else {
                throw RequestProblem.notFound("asset \(request.uri.path)")
            }
            return Response(
                status: .ok,
                headers: [
                    .contentType: asset.contentType,
                    .cacheControl: "public, max-age=31536000, immutable",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes))
            )
        }
    }

    private func page(
        _ path: String,
        _ routes: Routes,
        _ view: @escaping @Sendable (Request, MasterContext) async throws -> Page
    ) {
        routes.on(.get, path, needs: .read) { request, context in
            try await pages.answer(try await view(request, context), to: request, context)
        }
    }
}
