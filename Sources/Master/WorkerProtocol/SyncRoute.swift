import Core
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// `POST /worker/v1/sync`: every verb of the worker protocol, in batches.
struct SyncRoute: Sendable {
    let database: ControlDatabase
    let registry: WorkerRegistry
    let leases: LeaseTable
    let logs: LogStore
    let ends: AttemptEnds
    let claims: ClaimDesk
    let dispatcher: Dispatcher
    let keeper: LeaseKeeper
    let sealing: FinishSealing

    func add(to routes: Routes) {
        routes.on(.post, "/worker/v1/sync", needs: .work) { request, context in
            let message: SyncRequest = try await request.decoded(limit: 8 << 20)
            let oldest = WorkerProtocol.version - 1
            guard (oldest...WorkerProtocol.version).contains(message.protocol) else {
                throw RequestProblem(
                    .badRequest,
                    "This master speaks worker protocol \(WorkerProtocol.version): "
                        + "install the same version of Slipway on the worker."
                )
            }
            var answer = try await sync(message, worker: context.principal.name)
            if message.protocol < WorkerProtocol.documents { answer.orders = answer.orders.spelled }
            return try json(answer, isSorted: false)
        }
    }

    /// Notes what the worker tells and gives it work, if it asks for any: one transaction.
    private func sync(_ message: SyncRequest, worker: String) async throws -> SyncResponse {
        try await greet(message.worker, as: worker)
        if let kept = message.kept {
            let known = Set(kept.map { AttemptID($0.attempt) })
            try await keeper.endAccepted(by: worker, but: known)
        }
        guard let claim = message.claim else {
            return try await note(message, worker: worker, isDispatching: false)
        }
        let told = message.accepts.map(\.attempt) + message.finishes.map(\.attempt)
        let heard = Set(told + (claim.heard ?? []))
        let unheard = try await claims.unheard(by: worker, but: heard)
        guard unheard.isEmpty, let waiting = claims.open(claim, of: worker) else {
            var response = try await note(message, worker: worker, isDispatching: false)
            response.orders = unheard
            return response
        }
        do {
            var response = try await note(message, worker: worker, isDispatching: true)
            response.orders = await claims.work(for: waiting)
            return response
        } catch {
            claims.close(waiting)
            throw error
        }
    }

    private func greet(_ hello: WorkerHello, as name: String) async throws {
        let hearing = registry.note(name, hello)
        if hearing == .nothing { return }
        let row = WorkerRow(
            name: name,
            labels: hello.labels.filter(Name.isValid),
            slots: min(max(hello.slots, 0), 1_000),
            version: String(hello.version.prefix(64)),
            lastSeenAt: Date()
        )
        try await database.write { try $0.greet(row, at: row.lastSeenAt) }
        guard hearing == .news else { return }
        ends.events.publish("worker", [("worker", .text(name))])
        ends.wakeUp.ring()
    }

    /// Notes everything the worker tells, in one transaction.
    private func note(
        _ message: SyncRequest,
        worker: String,
        isDispatching: Bool
    ) async throws -> SyncResponse {
        let now = Date()
        let accepts = message.accepts.map { offer in
            (offer, leases.lease(of: AttemptID(offer.attempt), fence: offer.fence, worker: worker))
        }
        let beats = message.heartbeats.map { beat in
            Beat(beat, leases.renew(beat, worker: worker, at: .now), at: now)
        }
        var finishes: [FinishSealing.Outcome] = []
        for report in message.finishes {
            finishes.append(try await sealing.outcome(of: report, worker: worker, at: now))
        }
        let sealed = finishes
        let noted = try await write(accepts.compactMap(\.1), beats, sealed, isDispatching, at: now)
        let response = answer(accepts, beats, sealed, noted)
        try await dispatcher.follow(noted.offers ?? [])
        return response
    }

    /// What became true, by attempt; whatever is missing was stale.
    private struct Noted: Sendable {
        var accepted: Set<AttemptID> = []
        var recorded: Set<AttemptID> = []
        var ended: [AttemptID: JobEnd] = [:]
        /// Nil: the dispatcher was not asked.
        var offers: [ReadyOffer]?
    }

    private func write(
        _ accepts: [LeaseTable.Lease],
        _ beats: [Beat],
        _ finishes: [FinishSealing.Outcome],
        _ isDispatching: Bool,
        at now: Date
    ) async throws -> Noted {
        let news = beats.filter { $0.lease != nil && !$0.steps.isEmpty }
        let ends = finishes.compactMap(\.end)
        if accepts.isEmpty, news.isEmpty, ends.isEmpty, !isDispatching { return Noted() }
        let dispatcher = dispatcher
        return try await database.write { tx in
            var noted = Noted()
            // Whoever tells an end need not be noted as having begun before.
            let ending = Set(ends.map(\.0.attempt))
            for lease in accepts where !ending.contains(lease.attempt) {
                let isOurs = try unlessStale {
                    try tx.accept(lease.attempt, fence: lease.fence, at: now)
                }
                if isOurs { noted.accepted.insert(lease.attempt) }
            }
            for beat in news
            where try unlessStale({
                try tx.record(beat.steps, of: beat.id, fence: beat.fence, at: now)
            }) {
                noted.recorded.insert(beat.id)
            }
            for (lease, end) in ends {
                _ = try unlessStale {
                    noted.ended[lease.attempt] = try tx.finish(
                        end,
                        of: lease.attempt,
                        fence: lease.fence,
                        at: now
                    )
                }
            }
            if isDispatching { noted.offers = try dispatcher.decide(tx) }
            return noted
        }
    }

    private func answer(
        _ accepts: [(AttemptReference, LeaseTable.Lease?)],
        _ beats: [Beat],
        _ finishes: [FinishSealing.Outcome],
        _ noted: Noted
    ) -> SyncResponse {
        var response = SyncResponse()
        for (offer, lease) in accepts {
            let hasEnded = lease.map { noted.ended[$0.attempt] != nil } ?? false
            guard let lease, hasEnded || noted.accepted.contains(lease.attempt),
                let renewed = leases.renew(lease, at: .now)
            else {
                response.accepts.append(AttemptAnswer(attempt: offer.attempt, verdict: .stale))
                continue
            }
            if !hasEnded { ends.tellJob(lease.job, of: lease.build) }
            response.accepts.append(leases.answer(renewed))
        }
        response.heartbeats = beats.map { answer($0, isRecorded: noted.recorded.contains($0.id)) }
        for finish in finishes {
            var answer = finish.answer
            if let (lease, _) = finish.end {
                if let end = noted.ended[lease.attempt] {
                    ends.announce(lease, end, isDispatched: noted.offers != nil)
                } else {
                    answer.verdict = .stale
                }
            }
            response.finishes.append(answer)
        }
        return response
    }

    private func answer(_ beat: Beat, isRecorded: Bool) -> AttemptAnswer {
        guard let lease = beat.lease, beat.steps.isEmpty || isRecorded else {
            return AttemptAnswer(attempt: beat.id.rawValue, verdict: .stale)
        }
        for step in beat.steps where step.state == .finished { logs.end(beat.id, step: step.index) }
        if !beat.steps.isEmpty { ends.tellJob(lease.job, of: lease.build) }
        return leases.answer(lease)
    }
}

/// A heartbeat with its lease, in the master's time.
private struct Beat: Sendable {
    var id: AttemptID
    var fence: Int
    var lease: LeaseTable.Lease?
    var steps: [Step]

    init(_ beat: Heartbeat, _ lease: LeaseTable.Lease?, at now: Date) {
        id = AttemptID(beat.attempt)
        fence = beat.fence
        self.lease = lease
        steps = beat.steps.map { Step($0, at: now) }
    }
}

/// Runs a verb; false when the attempt was not the worker's any more, in which case it wrote
/// nothing.
private func unlessStale(_ verb: () throws -> Void) throws -> Bool {
    do {
        try verb()
        return true
    } catch let error as StorageError where error.code == .staleFence {
        return false
    }
}

extension LeaseTable {
    fileprivate func renew(
        _ beat: Heartbeat,
        worker: String,
        at now: ContinuousClock.Instant
    ) -> Lease? {
        renew(
            AttemptID(beat.attempt),
            fence: beat.fence,
            worker: worker,
            isAccepted: true,
            at: now
        )
    }

    fileprivate func renew(_ lease: Lease, at now: ContinuousClock.Instant) -> Lease? {
        renew(lease.attempt, fence: lease.fence, worker: lease.worker, isAccepted: true, at: now)
    }

    /// What a worker is told of an attempt that is its own.
    fileprivate func answer(_ lease: Lease) -> AttemptAnswer {
        AttemptAnswer(
            attempt: lease.attempt.rawValue,
            verdict: lease.cancelDeadline == nil ? .ok : .cancel,
            lease: Int(terms.lease.components.seconds)
        )
    }
}

extension [JobOrder] {
    /// For a worker that reads no documents.
    fileprivate var spelled: [JobOrder] {
        map { order in
            var order = order
            order.document = nil
            return order
        }
    }
}
