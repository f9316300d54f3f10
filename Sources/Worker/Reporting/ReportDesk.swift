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

    private var entries: [Int64: Entry] = [:]
    private var accepts: [Int64: (AttemptReference, CheckedContinuation<Bool, Never>)] = [:]
    private var finishes: [Int64: (FinishReport, CheckedContinuation<AttemptAnswer?, Never>)] = [:]

    /// Rings when there is something to tell at once.
    nonisolated let news: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation
    private var slotWaiter: CheckedContinuation<Void, Never>?

    init() {
        (news, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Returns when fewer than `slots` attempts hold a slot, or nobody waits for it any more.
    func freeSlot(of slots: Int) async -> Int {
        while entries.count >= slots, !Task.isCancelled {
            await withTaskCancellationHandler {
                await withCheckedContinuation { slotWaiter = $0 }
            } onCancel: {
                // Unstructured: a cancellation handler cannot wait for the actor.
                Task { await self.releaseWaiter() }
            }
        }
        return slots - entries.count
    }

    private func releaseWaiter() {
        slotWaiter?.resume()
        slotWaiter = nil
    }

    /// Gives a slot to an order before anything of it runs; false when it holds one already, as
    /// one that the master tells again does.
    func reserve(_ attempt: AttemptReference) -> Bool {
        guard entries[attempt.attempt] == nil else { return false }
        entries[attempt.attempt] = Entry(fence: attempt.fence)
        return true
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
        accepts.removeValue(forKey: attempt)?.1.resume(returning: false)
        releaseWaiter()
    }

    /// Says yes to an offer; true when the attempt is ours now, false also for a cancelled task.
    func accept(_ attempt: AttemptReference) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume(returning: false) }
                accepts[attempt.attempt] = (attempt, continuation)
                ring.yield()
            }
        } onCancel: {
            // Unstructured: a cancellation handler cannot wait for the actor.
            Task { await self.giveUp(attempt.attempt) }
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
        accepts.removeValue(forKey: attempt)?.1.resume(returning: false)
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
    func batch(isHeartbeatDue: Bool) -> (
        accepts: [AttemptReference], beats: [Heartbeat], finishes: [FinishReport]
    ) {
        let beats = entries.sorted { $0.key < $1.key }.compactMap { id, entry -> Heartbeat? in
            if accepts[id] != nil || finishes[id] != nil { return nil }
            guard isHeartbeatDue || !entry.steps.isEmpty else { return nil }
            let steps = entry.steps.values.map { $0.report.aged(since: $0.at) }
            return Heartbeat(
                attempt: id,
                fence: entry.fence,
                steps: steps.sorted { $0.index < $1.index }
            )
        }
        return (
            accepts.values.map(\.0).sorted { $0.attempt < $1.attempt },
            beats,
            finishes.values.map(\.0).sorted { $0.attempt < $1.attempt }
        )
    }

    /// Takes in the master's answers to a batch.
    func settle(_ request: SyncRequest, _ response: SyncResponse) {
        for answer in response.accepts {
            let isOurs = answer.verdict != .stale
            accepts.removeValue(forKey: answer.attempt)?.1.resume(returning: isOurs)
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
