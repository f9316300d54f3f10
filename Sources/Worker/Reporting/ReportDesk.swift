import Core
import Foundation
import Wire

/// What is to be told to the master, gathered until the next call takes it.
///
/// A live resource with many writers, hence an actor: jobs put their news here, the reporting
/// loop takes all of it at once.
actor ReportDesk {
    /// An attempt that holds a slot.
    private struct Entry {
        var fence: Int
        var acceptance = Acceptance.untold
        var steps: [Int: TimedReport] = [:]
        /// Nil: it has not come to the desk yet, and nothing is told of it.
        var callbacks: Callbacks?
    }

    private struct Callbacks {
        var cancel: @Sendable () -> Void
        var abandon: @Sendable () -> Void
    }

    private struct TimedReport {
        var report: StepReport
        var at: ContinuousClock.Instant
    }

    /// How far the master's word on an attempt has come.
    private enum Acceptance {
        /// The master has not answered that the worker takes it.
        case untold
        /// The same, and the attempt waits for it.
        case awaited(CheckedContinuation<Bool, Never>)
        case ours
        case refused

        var isTold: Bool {
            switch self {
            case .untold, .awaited: false
            case .ours, .refused: true
            }
        }
    }

    private var entries: [Int64: Entry] = [:]
    private var finishes: [Int64: (FinishReport, CheckedContinuation<AttemptAnswer?, Never>)] = [:]
    /// Attempts that ended while a call for work was under way, whose answer may tell them again.
    private var endedMeanwhile: Set<Int64> = []

    /// Rings when there is something to tell at once.
    nonisolated let news: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation
    private var slotWaiter: CheckedContinuation<Void, Never>?
    /// Whether a call that asks for work is under way: a second would ask for the same slots.
    ///
    /// Nobody asks before the worker has told what it goes on with.
    private var isClaiming = true

    /// Ends told in one call; more are told with the next.
    private static let finishesMax = 128

    init() {
        (news, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Asks work for the free slots, as soon as there are any and no other call asks.
    ///
    /// Nil: nobody waits for it any more. ``endClaim()`` lets others ask.
    func beginClaim(of slots: Int, wait: Int) async -> Claim? {
        while entries.count >= slots || isClaiming, !Task.isCancelled {
            await withTaskCancellationHandler {
                await withCheckedContinuation { slotWaiter = $0 }
            } onCancel: {
                // Unstructured: a cancellation handler cannot wait for the actor.
                Task { await self.releaseWaiter() }
            }
        }
        if Task.isCancelled { return nil }
        isClaiming = true
        return claim(slots - entries.count, wait: wait)
    }

    private func claim(_ freeSlots: Int, wait: Int) -> Claim {
        let heard = entries.filter { !$0.value.acceptance.isTold && finishes[$0.key] == nil }
            .keys.sorted()
        return Claim(freeSlots: freeSlots, wait: wait, heard: heard.isEmpty ? nil : heard)
    }

    /// The answer to a call that asked for work is in, or there will be none.
    func endClaim() {
        isClaiming = false
        endedMeanwhile = []
        releaseWaiter()
    }

    private func releaseWaiter() {
        slotWaiter?.resume()
        slotWaiter = nil
    }

    /// Gives slots to orders before anything of them runs, so that the next claim does not ask
    /// for these; without those that the master tells again although they were taken.
    private func reserve(_ orders: [JobOrder]) -> [JobOrder] {
        orders.filter { order in
            guard entries[order.attempt] == nil, !endedMeanwhile.contains(order.attempt) else {
                return false
            }
            entries[order.attempt] = Entry(fence: order.fence)
            return true
        }
    }

    /// Notes an attempt, so that heartbeats keep its lease.
    ///
    /// It is accepted with its first news, or with the next look of the reporting loop.
    func open(
        _ attempt: AttemptReference,
        cancel: @escaping @Sendable () -> Void,
        abandon: @escaping @Sendable () -> Void
    ) {
        var entry = entries[attempt.attempt] ?? Entry(fence: attempt.fence)
        entry.callbacks = Callbacks(cancel: cancel, abandon: abandon)
        entries[attempt.attempt] = entry
    }

    func close(_ attempt: Int64) {
        endWait(of: attempt)
        entries[attempt] = nil
        releaseWaiter()
    }

    /// Waits for the master's word on an order; true when the attempt is ours now, false also for
    /// a cancelled task.
    func acceptance(of attempt: Int64) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                switch entries[attempt]?.acceptance {
                case .untold where !Task.isCancelled:
                    entries[attempt]?.acceptance = .awaited(continuation)
                    ring.yield()
                case .ours: continuation.resume(returning: true)
                case .untold, .awaited, .refused, nil: continuation.resume(returning: false)
                }
            }
        } onCancel: {
            // Unstructured: a cancellation handler cannot wait for the actor.
            Task { await self.giveUp(attempt) }
        }
    }

    /// Lets go of an attempt that waits for the master's word.
    private func endWait(of attempt: Int64) {
        guard case .awaited(let continuation) = entries[attempt]?.acceptance else { return }
        entries[attempt]?.acceptance = .untold
        continuation.resume(returning: false)
    }

    /// Hands the master's word on to the attempt; the first one counts.
    private func answer(_ attempt: Int64, isOurs: Bool) {
        guard let entry = entries[attempt], !entry.acceptance.isTold else { return }
        entries[attempt]?.acceptance = isOurs ? .ours : .refused
        if case .awaited(let continuation) = entry.acceptance {
            continuation.resume(returning: isOurs)
        } else if !isOurs {
            entry.callbacks?.abandon()
        }
    }

    /// Notes how a step stands; the newest report of a step wins.
    func note(_ report: StepReport, of attempt: Int64) {
        entries[attempt]?.steps[report.index] = TimedReport(report: report, at: .now)
        ring.yield()
    }

    /// Tells the end of an attempt, and waits for the master's word on it; nil for a cancelled
    /// task, whose next process tells it again.
    func finish(_ report: FinishReport) async -> AttemptAnswer? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume(returning: nil) }
                finishes[report.attempt] = (report, continuation)
                entries[report.attempt]?.steps = [:]
                ring.yield()
            }
        } onCancel: {
            // Unstructured: a cancellation handler cannot wait for the actor.
            Task { await self.giveUp(report.attempt) }
        }
    }

    /// Lets go of what waits for the master's word: a stop must not wait for a master that is away.
    private func giveUp(_ attempt: Int64) {
        endWait(of: attempt)
        finishes.removeValue(forKey: attempt)?.1.resume(returning: nil)
    }

    /// Rings for a reason of the loops' own, such as a freed slot.
    nonisolated func wake() {
        ring.yield()
    }

    nonisolated func stop() {
        ring.finish()
    }

    // MARK: The reporting loop

    /// Everything to be told now; heartbeats of all attempts only when they are due.
    ///
    /// Who tells an end has a free slot, and asks for the next job with the same call.
    func batch(isHeartbeatDue: Bool, slots: Int) -> (
        accepts: [AttemptReference], beats: [Heartbeat], finishes: [FinishReport], claim: Claim?
    ) {
        var accepts: [AttemptReference] = []
        var beats: [Heartbeat] = []
        for (id, entry) in entries.sorted(by: { $0.key < $1.key }) {
            // An end tells as much.
            if finishes[id] != nil { continue }
            if !entry.acceptance.isTold, entry.callbacks != nil {
                accepts.append(AttemptReference(attempt: id, fence: entry.fence))
            }
            let isDue = isHeartbeatDue && entry.acceptance.isTold
            guard isDue || !entry.steps.isEmpty else { continue }
            let steps = entry.steps.values.map { $0.report.aged(since: $0.at) }
            beats.append(
                Heartbeat(
                    attempt: id,
                    fence: entry.fence,
                    steps: steps.sorted { $0.index < $1.index }
                )
            )
        }
        let ends = finishes.values.map(\.0).sorted { $0.attempt < $1.attempt }
            .prefix(Self.finishesMax)
        return (accepts, beats, Array(ends), claim(after: ends, of: slots))
    }

    private func claim(after ends: ArraySlice<FinishReport>, of slots: Int) -> Claim? {
        guard !ends.isEmpty, !isClaiming else { return nil }
        let held = entries.count - ends.count
        guard held < slots else { return nil }
        isClaiming = true
        return claim(slots - held, wait: 0)
    }

    /// Takes in the master's answers to a batch; returns the orders, each with its slot taken.
    func settle(_ request: SyncRequest, _ response: SyncResponse) -> [JobOrder] {
        for answer in response.accepts {
            self.answer(answer.attempt, isOurs: answer.verdict != .stale)
            if answer.verdict == .cancel { entries[answer.attempt]?.callbacks?.cancel() }
        }
        for (beat, answer) in zip(request.heartbeats, response.heartbeats) {
            forget(beat)
            switch answer.verdict {
            case .ok, .logIncomplete: break
            case .cancel: entries[answer.attempt]?.callbacks?.cancel()
            case .stale: entries[answer.attempt]?.callbacks?.abandon()
            }
        }
        for answer in response.finishes {
            // A heartbeat after the end would be answered as stale.
            if answer.verdict != .logIncomplete {
                entries[answer.attempt] = nil
                if isClaiming { endedMeanwhile.insert(answer.attempt) }
                releaseWaiter()
            }
            finishes.removeValue(forKey: answer.attempt)?.1.resume(returning: answer)
        }
        if !finishes.isEmpty { ring.yield() }
        let orders = reserve(response.orders)
        if request.claim != nil { endClaim() }
        return orders
    }

    /// Drops the reports that the master has now, unless a newer one came meanwhile.
    private func forget(_ beat: Heartbeat) {
        for told in beat.steps {
            guard let kept = entries[beat.attempt]?.steps[told.index]?.report else { continue }
            if kept.state == told.state { entries[beat.attempt]?.steps[told.index] = nil }
        }
    }
}

extension StepReport {
    /// The same report as of now: its durations have grown.
    fileprivate func aged(since then: ContinuousClock.Instant) -> StepReport {
        let age = Int((.now - then) / Duration.milliseconds(1))
        var report = self
        report.startedAgo = startedAgo.map { $0 + age }
        report.finishedAgo = finishedAgo.map { $0 + age }
        return report
    }
}
