import Core
import Hummingbird
import Site

extension Parts {
    /// All routes, each with the permission it asks.
    func router(_ watch: RepositoryWatch) -> Router<MasterContext> {
        let router = Router(context: MasterContext.self)
        router.middlewares.add(HeadersMiddleware())
        let pages = pages
        router.middlewares.add(
            ProblemMiddleware { problem, request, context in
                let page = ErrorPage(
                    status: problem.status.code,
                    detail: ([problem.detail] + problem.reasons).joined(separator: " ")
                )
                return try? await pages.answer(
                    .error(page),
                    status: problem.status,
                    to: request,
                    context
                )
            }
        )
        router.middlewares.add(AccessMiddleware(access: access))
        let routes = Routes(
            router: router,
            isReadingOpen: configuration.isLoopback || configuration.isReadingPublic
        )
        addSystem(to: routes)
        addAPI(to: routes, watch)
        addWorkerProtocol(to: routes)
        addStore(to: routes)
        PageRoutes(views: views, pages: pages).add(to: routes)
        FormRoutes(builds: builds, workers: workers, releases: releases).add(to: routes)
        ManualFormRoutes(builds: builds, views: views, pages: pages).add(to: routes)
        SessionRoutes(access: access, pages: pages).add(to: routes)
        return router
    }

    private func addSystem(to routes: Routes) {
        SystemRoutes(database: database).add(to: routes)
        EventRoutes(events: events).add(to: routes)
        MetricsRoute(
            database: database,
            registry: registry,
            hookBodies: hookBodies,
            hookFailures: hookFailures
        ).add(to: routes)
    }

    private func addAPI(to routes: Routes, _ watch: RepositoryWatch) {
        RepositoryRoutes(
            database: database,
            actions: RepositoryActions(
                database: database,
                watch: watch,
                mirrors: mirrors,
                events: events
            )
        ).add(to: routes)
        BuildRoutes(database: database, actions: builds, reader: reader).add(to: routes)
        TimetableRoutes(database: database).add(to: routes)
        ArtifactRoutes(database: database, store: store, artifacts: artifacts).add(to: routes)
        LogRoutes(reader: reader).add(to: routes)
        TryRoutes(actions: tries).add(to: routes)
        HookRoutes(
            database: database,
            key: hookKey,
            watch: watch,
            bodies: hookBodies,
            failures: hookFailures,
            address: configuration.url
        ).add(to: routes)
        AdministrationRoutes(database: database, access: access, workers: workers).add(to: routes)
        QueueRoutes(database: database, wakeUp: wakeUp).add(to: routes)
        GateRoutes(database: database, actions: gates).add(to: routes)
        SecretRoutes(actions: SecretActions(database: database, vault: vault)).add(to: routes)
    }

    private func addStore(to routes: Routes) {
        PointerRoutes(store: store, pointers: pointers).add(to: routes)
        BlobRoutes(store: store).add(to: routes)
        ReleaseRoutes(store: store, actions: releases).add(to: routes)
        NodeRoutes(store: store, events: events).add(to: routes)
        FileRoutes(store: store).add(to: routes)
    }

    private func addWorkerProtocol(to routes: Routes) {
        let sealing = FinishSealing(
            database: database,
            leases: leases,
            logs: logs,
            artifacts: artifacts,
            mirrors: mirrors
        )
        let claims = ClaimDesk(
            database: database,
            registry: registry,
            leases: leases,
            orders: orders
        )
        SyncRoute(
            database: database,
            registry: registry,
            leases: leases,
            logs: logs,
            ends: ends,
            claims: claims,
            dispatcher: dispatcher,
            keeper: keeper,
            sealing: sealing
        ).add(to: routes)
        LogUploadRoute(logs: logs, leases: leases).add(to: routes)
        SourceRoute(
            database: database,
            leases: leases,
            mirrors: mirrors,
            submodules: SubmoduleDesk(
                database: database,
                mirrors: mirrors,
                shelf: submoduleMirrors
            ),
            folder: "\(configuration.data)/packs"
        ).add(to: routes)
        StepRoutes(
            database: database,
            store: store,
            leases: leases,
            artifacts: artifacts
        ).add(to: routes)
        SecretHandout(database: database, leases: leases, vault: vault).add(to: routes)
    }
}
