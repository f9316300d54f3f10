import Core
import Foundation
import Wire

/// What is to be told to the master, gathered until the next call takes it.
///
/// A live resource with many writers, hence an actor: jobs put their news here, the reporting
/// loop takes all of it at once.
actor ReportDesk {
    private struct Entry {
        var fence: Int
        var steps: [Int: TimedReport] = [:]
        var cancel: @Sendable () -> Void = {}
        var abandon: @Sendable () -> Void = {}
    }

    private struct TimedReport {
        var report: StepReport
        var at: ContinuousClock.Instant
    }

    /// An order's way from the master to the attempt that waits for the word to begin.
    private enum Acceptance {
        /// Told with the next call; the attempt itself has not come yet.
        case untold(AttemptReference)
        case awaited(AttemptReference, CheckedContinuation<Bool, Never>)
        /// The master's word, for the attempt to come.
        case answered(Bool)

        /// What the master is still to be told.
        var reference: AttemptReference? {
            switch self {
            case .untold(let reference), .awaited(let reference, _): reference
            case .answered: nil
            }
        }
    }

    private var entries: [Int64: Entry] = [:]
    private var accepts: [Int64: Acceptance] = [:]
    private var finishes: [Int64: (FinishReport, CheckedContinuation<AttemptAnswer?, Never>)] = [:]

    /// Rings when there is something to tell at once.
    nonisolated let news: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation
    private var slotWaiter: CheckedContinuation<Void, Never>?
    /// Whether a call that asks for work is under way: a second would ask for the same slots.
    ///
    /// Nobody asks before the worker has told what it goes on with.
    private var isClaiming = true

    init() {
        (news, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Returns how many slots may be asked work for, as soon as there are any and no other call
    /// asks.
    ///
    /// Zero or less: nobody waits for it any more. ``endClaim()`` lets others ask.
    func beginClaim(of slots: Int) async -> Int {
        while entries.count >= slots || isClaiming, !Task.isCancelled {
            await withTaskCancellationHandler {
                await withCheckedContinuation { slotWaiter = $0 }
            } onCancel: {
                // Unstructured: a cancellation handler cannot wait for the actor.
                Task { await self.releaseWaiter() }
            }
        }
        if Task.isCancelled { return 0 }
        isClaiming = true
        return slots - entries.count
    }

    /// The answer to a call that asked for work is in, or there will be none.
    func endClaim() {
        isClaiming = false
        releaseWaiter()
    }

    private func releaseWaiter() {
        slotWaiter?.resume()
        slotWaiter = nil
    }

    /// Gives slots to orders before anything of them runs, so that the next claim does not ask
    /// for these, and says yes to them; without those that hold a slot already, as ones that the
    /// master tells again do.
    func reserve(_ orders: [JobOrder]) -> [JobOrder] {
        orders.filter { order in
            guard entries[order.attempt] == nil else { return false }
            entries[order.attempt] = Entry(fence: order.fence)
            accepts[order.attempt] = .untold(
                AttemptReference(attempt: order.attempt, fence: order.fence)
            )
            ring.yield()
            return true
        }
    }

    /// Notes an attempt, so that heartbeats keep its lease.
    func open(
        _ attempt: AttemptReference,
        cancel: @escaping @Sendable () -> Void,
        abandon: @escaping @Sendable () -> Void
    ) {
        entries[attempt.attempt] = Entry(fence: attempt.fence, cancel: cancel, abandon: abandon)
        ring.yield()
    }

    func close(_ attempt: Int64) {
        entries[attempt] = nil
        answer(attempt, isOurs: false)
        accepts[attempt] = nil
        releaseWaiter()
    }

    /// Waits for the master's word on an order; true when the attempt is ours now, false also for
    /// a cancelled task.
    func acceptance(of attempt: AttemptReference) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume(returning: false) }
                if case .answered(let isOurs) = accepts[attempt.attempt] {
                    accepts[attempt.attempt] = nil
                    return continuation.resume(returning: isOurs)
                }
                accepts[attempt.attempt] = .awaited(attempt, continuation)
            }
        } onCancel: {
            // Unstructured: a cancellation handler cannot wait for the actor.
            Task { await self.giveUp(attempt.attempt) }
        }
    }

    /// Hands the master's word on to the attempt, or keeps it until that comes.
    private func answer(_ attempt: Int64, isOurs: Bool) {
        switch accepts[attempt] {
        case .awaited(_, let continuation):
            accepts[attempt] = nil
            continuation.resume(returning: isOurs)
        case .untold: accepts[attempt] = .answered(isOurs)
        case .answered, nil: return
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
        answer(attempt, isOurs: false)
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
        let beats = entries.sorted { $0.key < $1.key }.compactMap { id, entry -> Heartbeat? in
            if accepts[id]?.reference != nil || finishes[id] != nil { return nil }
            guard isHeartbeatDue || !entry.steps.isEmpty else { return nil }
            let steps = entry.steps.values.map { $0.report.aged(since: $0.at) }
            return Heartbeat(
                attempt: id,
                fence: entry.fence,
                steps: steps.sorted { $0.index < $1.index }
            )
        }
        return (
            accepts.values.compactMap(\.reference).sorted { $0.attempt < $1.attempt },
            beats,
            finishes.values.map(\.0).sorted { $0.attempt < $1.attempt },
            claimForFinishes(of: slots)
        )
    }

    private func claimForFinishes(of slots: Int) -> Claim? {
        guard !finishes.isEmpty, !isClaiming else { return nil }
        let held = entries.keys.count { finishes[$0] == nil }
        guard held < slots else { return nil }
        isClaiming = true
        return Claim(freeSlots: slots - held, wait: 0)
    }

    /// Takes in the master's answers to a batch; returns the orders, each with its slot taken.
    func settle(_ request: SyncRequest, _ response: SyncResponse) -> [JobOrder] {
        for answer in response.accepts {
            self.answer(answer.attempt, isOurs: answer.verdict != .stale)
            if answer.verdict == .cancel { entries[answer.attempt]?.cancel() }
        }
        for (beat, answer) in zip(request.heartbeats, response.heartbeats) {
            forget(beat)
            switch answer.verdict {
            case .ok, .logIncomplete: break
            case .cancel: entries[answer.attempt]?.cancel()
            case .stale: entries[answer.attempt]?.abandon()
            }
        }
        for answer in response.finishes {
            // A heartbeat after the end would be answered as stale.
            if answer.verdict != .logIncomplete {
                entries[answer.attempt] = nil
                releaseWaiter()
            }
            finishes.removeValue(forKey: answer.attempt)?.1.resume(returning: answer)
        }
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
