import Core
import Hummingbird

extension Parts {
    /// All routes, each with the permission it asks.
    func router(_ watch: RepositoryWatch) -> Router<MasterContext> {
        let router = Router(context: MasterContext.self)
        router.middlewares.add(HeadersMiddleware())
        router.middlewares.add(ProblemMiddleware { _, _, _ in nil })
        router.middlewares.add(AccessMiddleware(access: access))
        let routes = Routes(
            router: router,
            isReadingOpen: configuration.isLoopback || configuration.isReadingPublic)
        addSystem(to: routes)
        addAPI(to: routes, watch)
        addWorkerProtocol(to: routes)
        return router
    }

    private func addSystem(to routes: Routes) {
        SystemRoutes(database: database).add(to: routes)
        EventRoutes(events: events).add(to: routes)
    }

    private func addAPI(to routes: Routes, _ watch: RepositoryWatch) {
        RepositoryRoutes(
            database: database,
            actions: RepositoryActions(
                database: database, watch: watch, mirrors: mirrors, events: events)
        ).add(to: routes)
        BuildRoutes(database: database, actions: builds, logs: logs).add(to: routes)
        LogRoutes(reader: reader).add(to: routes)
        AdministrationRoutes(database: database, access: access, workers: workers).add(to: routes)
    }

    private func addWorkerProtocol(to routes: Routes) {
        let sealing = FinishSealing(
            database: database, leases: leases, logs: logs, artifacts: artifacts)
        let claims = ClaimDesk(
            database: database, registry: registry, leases: leases, dispatcher: dispatcher,
            orders: orders)
        SyncRoute(
            database: database, registry: registry, leases: leases, logs: logs, ends: ends,
            claims: claims, sealing: sealing
        ).add(to: routes)
        LogUploadRoute(logs: logs, leases: leases).add(to: routes)
        SourceRoute(
            database: database, leases: leases, mirrors: mirrors,
            folder: "\(configuration.data)/packs"
        ).add(to: routes)
        StepRoutes(
            database: database, store: store, leases: leases, mirrors: mirrors,
            artifacts: artifacts
        ).add(to: routes)
    }
}
