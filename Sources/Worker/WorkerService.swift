import AsyncHTTPClient
import Core
import Foundation
import Logging
import ServiceLifecycle
import Wire

/// An agent that claims jobs, runs them through its engine and tells the master.
///
/// When it is asked to stop, it claims nothing more and leaves running jobs to the next process:
/// their containers go on, and their state is in files.
package struct WorkerService: Service {
    private let configuration: WorkerConfiguration
    private let engine: any JobEngine
    private let client: MasterClient
    private let desk = ReportDesk()
    private let logger: Logger

    init(
        configuration: WorkerConfiguration,
        engine: any JobEngine,
        client: MasterClient,
        logger: Logger
    ) {
        self.configuration = configuration
        self.engine = engine
        self.client = client
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                let unfinished = await engine.unfinished()
                for order in unfinished { start(order, isResumed: true, in: &group) }
                let (orders, sink) = AsyncStream.makeStream(of: JobOrder.self)
                group.addTask {
                    await tellKept(unfinished)
                    await claim(into: sink)
                }
                group.addTask { await report(takingOrdersInto: sink) }
                group.addTask { await engine.upkeep() }
                for await order in orders {
                    start(order, isResumed: false, in: &group)
                }
                group.cancelAll()
            }
        }
    }

    private func start(
        _ order: JobOrder,
        isResumed: Bool,
        in group: inout DiscardingTaskGroup
    ) {
        let task = AttemptRun(
            order: order,
            engine: engine,
            desk: desk,
            client: client,
            logger: logger
        )
        group.addTask { await task.run(isResumed: isResumed) }
    }

    private var hello: WorkerHello {
        WorkerHello(
            labels: configuration.labels,
            slots: configuration.slots,
            version: slipwayVersion,
            trouble: room.trouble
        )
    }

    private var room: DiskRoom {
        DiskRoom(folder: configuration.folder, freeBytesMin: configuration.freeBytesMin)
    }

    // MARK: Claiming

    /// Tells what this process goes on with, before it asks for anything: what an earlier one had
    /// accepted and not begun is then given out again at once.
    private func tellKept(_ orders: [JobOrder]) async {
        let kept = orders.map { AttemptReference(attempt: $0.attempt, fence: $0.fence) }
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                _ = try await client.sync(SyncRequest(worker: hello, kept: kept))
                return await desk.endClaim()
            } catch is CancellationError {
                return
            } catch {
                logger.warning("The master is not told yet", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    /// Asks for work whenever slots are free, and waits for it at the master.
    private func claim(into orders: AsyncStream<JobOrder>.Continuation) async {
        var backoff = Backoff()
        while !Task.isCancelled {
            guard
                let claim = await desk.beginClaim(
                    of: configuration.slots,
                    wait: WorkerProtocol.claimWaitMax
                )
            else { break }
            do {
                let hello = hello
                guard hello.trouble == nil else {
                    // It says so, and looks again: whoever makes room need not start it anew.
                    _ = try await client.sync(SyncRequest(worker: hello))
                    try await Task.sleep(for: Self.troubleTick)
                    await desk.endClaim()
                    continue
                }
                let request = SyncRequest(worker: hello, claim: claim)
                let response = try await client.sync(request)
                backoff.reset()
                for order in await desk.settle(request, response) { orders.yield(order) }
            } catch is CancellationError {
                return
            } catch {
                await desk.endClaim()
                logger.warning("Claim failed; trying again", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
            }
        }
        orders.finish()
    }

    // MARK: Reporting

    /// Tells news as they come, and heartbeats every few seconds.
    private func report(takingOrdersInto orders: AsyncStream<JobOrder>.Continuation) async {
        var backoff = Backoff()
        var lastHeartbeat = ContinuousClock.now
        let wakeUps = beats(desk.news, every: Self.heartbeat / 4)
        for await _ in wakeUps {
            // Attempts that have news at this moment, too, come along.
            for _ in 0..<16 { await Task.yield() }
            let isDue = .now - lastHeartbeat >= Self.heartbeat
            guard let request = await news(isHeartbeatDue: isDue) else { continue }
            do {
                let response = try await client.sync(request)
                if isDue { lastHeartbeat = .now }
                backoff.reset()
                for order in await desk.settle(request, response) { orders.yield(order) }
            } catch is CancellationError {
                return
            } catch {
                if request.claim != nil { await desk.endClaim() }
                logger.warning("Report failed; trying again", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
                desk.wake()
            }
        }
    }

    /// What there is to tell; nil: nothing.
    private func news(isHeartbeatDue: Bool) async -> SyncRequest? {
        let hello = hello
        let slots = hello.trouble == nil ? configuration.slots : 0
        let batch = await desk.batch(isHeartbeatDue: isHeartbeatDue, slots: slots)
        if batch.accepts.isEmpty, batch.beats.isEmpty, batch.finishes.isEmpty { return nil }
        return SyncRequest(
            worker: hello,
            claim: batch.claim,
            accepts: batch.accepts,
            heartbeats: batch.beats,
            finishes: batch.finishes
        )
    }

    private static let heartbeat = Duration.seconds(10)
    private static let troubleTick = Duration.seconds(5)

    /// The stream's wake-ups, and one of its own whenever the interval has passed.
    private func beats(_ news: AsyncStream<Void>, every interval: Duration) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        // Unstructured: it lives as long as the stream is read, which the loop above bounds.
        let pump = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in news { continuation.yield() } }
                group.addTask {
                    while (try? await Task.sleep(for: interval)) != nil { continuation.yield() }
                }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in pump.cancel() }
        return stream
    }
}
