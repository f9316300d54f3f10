import CodeStore
import Core
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Site
import Storage

/// The parts of a master, each made once, and how they hold together.
struct Parts: Sendable {
    let configuration: MasterConfiguration
    let database: ControlDatabase
    let store: CodeStoreDatabase
    let logger: Logger
    let events: EventHub
    let logs: LogStore
    let leases: LeaseTable
    let registry = WorkerRegistry()
    let warmth = WarmthTable()
    let wakeUp = WakeUp()
    let nudge = Nudge()
    let lines = LineIndexes()
    let site = Site()
    let mirrors: Mirrors
    let submoduleMirrors: SubmoduleMirrors
    let access: Access
    let pointers: PointerHub
    let hookKey: HookKey
    let hookBodies = HookBodies()
    let hookFailures = HookFailures()
    let vault: SecretVault

    init(
        _ configuration: MasterConfiguration,
        database: ControlDatabase,
        store: CodeStoreDatabase,
        logger: Logger
    ) {
        self.configuration = configuration
        self.database = database
        self.store = store
        self.logger = logger
        events = EventHub(startedAt: Date())
        logs = LogStore(folder: "\(configuration.data)/logs")
        leases = LeaseTable(terms: configuration.leases)
        mirrors = Mirrors(folder: "\(configuration.data)/mirrors")
        submoduleMirrors = SubmoduleMirrors(folder: "\(configuration.data)/mirrors/submodules")
        access = Access(database: database)
        pointers = PointerHub(store: store, events: events)
        hookKey = HookKey(path: "\(configuration.data)/hook-key")
        vault = SecretVault(keys: SecretKeys(path: "\(configuration.data)/secret-key"))
    }

    var ends: AttemptEnds {
        AttemptEnds(leases: leases, logs: logs, events: events, wakeUp: wakeUp, nudge: nudge)
    }

    var orders: OrderMaker {
        OrderMaker(
            database: database,
            mirrors: mirrors,
            ends: ends,
            address: configuration.url
        )
    }

    var dispatcher: Dispatcher {
        Dispatcher(
            database: database,
            registry: registry,
            leases: leases,
            orders: orders,
            warmth: warmth,
            events: events,
            wakeUp: wakeUp,
            logger: logger
        )
    }

    var builds: BuildActions {
        BuildActions(
            database: database,
            mirrors: mirrors,
            leases: leases,
            events: events,
            wakeUp: wakeUp,
            nudge: nudge
        )
    }

    private var timeKeeper: TimeKeeper {
        TimeKeeper(
            database: database,
            builds: builds,
            leases: leases,
            schedules: ScheduleStarter(
                database: database,
                mirrors: mirrors,
                actions: builds,
                logger: logger
            ),
            followUps: FollowUpStarter(
                database: database,
                mirrors: mirrors,
                actions: builds,
                logger: logger
            ),
            nudge: nudge,
            logger: logger
        )
    }

    var workers: WorkerActions {
        WorkerActions(
            database: database,
            registry: registry,
            leases: leases,
            events: events,
            wakeUp: wakeUp
        )
    }

    var deliveries: DeliveryDesk {
        DeliveryDesk(
            database: database,
            actions: builds,
            pullRequests: pullRequests,
            logger: logger
        )
    }

    private var pullRequests: PullRequestIntake {
        PullRequestIntake(
            database: database,
            mirrors: mirrors,
            actions: builds,
            rule: configuration.approval
        )
    }

    var tries: TryActions {
        TryActions(
            database: database,
            mirrors: mirrors,
            builds: builds,
            folder: "\(configuration.data)/packs"
        )
    }

    var gates: GateActions {
        GateActions(
            database: database,
            access: access,
            ends: ends,
            ownersMayOpen: configuration.ownersMayOpenGates
        )
    }

    var keeper: LeaseKeeper {
        LeaseKeeper(
            database: database,
            leases: leases,
            ends: ends,
            wakeUp: wakeUp,
            logger: logger
        )
    }

    var releases: ReleaseActions { ReleaseActions(store: store) }

    var artifacts: ArtifactKeeper { ArtifactKeeper(store: store) }

    var reader: LogReader { LogReader(database: database, logs: logs, lines: lines) }

    var isReadingOpen: Bool { configuration.isLoopback || configuration.isReadingPublic }

    var pages: PageMaker {
        PageMaker(
            site: site,
            database: database,
            store: store,
            registry: registry,
            leases: leases,
            isReadingOpen: isReadingOpen
        )
    }

    var views: Views {
        Views(
            database: database,
            store: store,
            registry: registry,
            leases: leases,
            logs: reader,
            mirrors: mirrors,
            address: configuration.url
        )
    }

    /// One for all repositories: it remembers what it has seen.
    var changes: ChangeIntake {
        ChangeIntake(
            database: database,
            mirrors: mirrors,
            actions: builds,
            deliveries: deliveries,
            pullRequests: PullRequestWatch(
                database: database,
                intake: pullRequests,
                logger: logger
            ),
            logger: logger
        )
    }

    /// Everything that runs, in the order of starting.
    func services(address: ListenAddress) -> [any Service] {
        let watch = RepositoryWatch(database: database, changes: changes, logger: logger)
        return [
            StoreUpkeep(database: database, store: store, logger: logger),
            TryUpkeep(database: database, mirrors: mirrors, logger: logger),
            keeper, dispatcher, timeKeeper,
            GateClock(database: database, ends: ends, logger: logger),
            watch, application(watch, address: address),
            StreamCloser(events: events, registry: registry, pointers: pointers),
        ]
    }

    private func application(_ watch: RepositoryWatch, address: ListenAddress) -> some Service {
        Application(
            router: router(watch),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                backlog: 1_024
            ),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { address.set(port) }
            },
            logger: logger
        )
    }
}

/// Ends open streams first of all at a shutdown: they would hold up the server.
private struct StreamCloser: Service {
    let events: EventHub
    let registry: WorkerRegistry
    let pointers: PointerHub

    func run() async throws {
        try? await gracefulShutdown()
        pointers.close()
        events.close()
        registry.close()
    }
}
