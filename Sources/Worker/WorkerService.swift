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
                for order in await engine.unfinished() {
                    start(order, isResumed: true, in: &group)
                }
                let (orders, sink) = AsyncStream.makeStream(of: JobOrder.self)
                group.addTask { await claim(into: sink) }
                group.addTask { await report() }
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
            version: slipwayVersion
        )
    }

    // MARK: Claiming

    /// Asks for work whenever slots are free, and waits for it at the master.
    private func claim(into orders: AsyncStream<JobOrder>.Continuation) async {
        var backoff = Backoff()
        while !Task.isCancelled {
            let free = await desk.freeSlot(of: configuration.slots)
            if free <= 0 { break }
            do {
                let claim = Claim(freeSlots: free, wait: WorkerProtocol.claimWaitMax)
                let response = try await client.sync(SyncRequest(worker: hello, claim: claim))
                backoff.reset()
                await take(response.orders, into: orders)
            } catch is CancellationError {
                return
            } catch {
                logger.warning("Claim failed; trying again", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
            }
        }
        orders.finish()
    }

    /// Hands orders on, each with its slot taken, so that the next claim does not ask for it.
    private func take(
        _ orders: [JobOrder],
        into sink: AsyncStream<JobOrder>.Continuation
    ) async {
        for order in orders {
            let reference = AttemptReference(attempt: order.attempt, fence: order.fence)
            if await desk.reserve(reference) { sink.yield(order) }
        }
    }

    // MARK: Reporting

    /// Tells news as they come, and heartbeats every few seconds.
    private func report() async {
        var backoff = Backoff()
        var lastHeartbeat = ContinuousClock.now
        let wakeUps = beats(desk.news, every: Self.heartbeat / 4)
        for await _ in wakeUps {
            let isDue = .now - lastHeartbeat >= Self.heartbeat
            let batch = await desk.batch(isHeartbeatDue: isDue)
            if batch.accepts.isEmpty, batch.beats.isEmpty, batch.finishes.isEmpty { continue }
            let request = SyncRequest(
                worker: hello,
                accepts: batch.accepts,
                heartbeats: batch.beats,
                finishes: batch.finishes
            )
            do {
                let response = try await client.sync(request)
                if isDue { lastHeartbeat = .now }
                backoff.reset()
                await desk.settle(request, response)
            } catch is CancellationError {
                return
            } catch {
                logger.warning("Report failed; trying again", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next())
                desk.wake()
            }
        }
    }

    private static let heartbeat = Duration.seconds(10)

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
