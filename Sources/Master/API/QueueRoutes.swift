import Core
import Foundation
import HTTPTypes
import Hummingbird
import Site
import Storage
import Wire

/// Locks and queues: how much there is of the ones, and whether the others move.
struct QueueRoutes: Sendable {
    let database: ControlDatabase
    let wakeUp: WakeUp

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/locks", needs: .read) { _, _ in
            let (settings, book) = try await database.read { tx in
                (try tx.lockCapacities(), try tx.lockBook())
            }
            return try json(ListMessage(items: LockMessage.all(settings, book)))
        }
        routes.on(.put, "/api/v1/locks/:name", needs: .administer) { request, context in
            let message: LockCapacityMessage = try await request.decoded()
            let setting = try setting(message, of: try context.name("name"))
            try await database.write { try $0.setCapacity(setting) }
            wakeUp.ring()
            return try json(LockMessage(setting))
        }
        routes.on(.delete, "/api/v1/locks/:name", needs: .administer) { request, context in
            let name = try context.name("name")
            let scope = try request.choice("scope", of: LockScope.self) ?? .master
            let worker = request.query("worker")
            let isForgotten = try await database.write { tx in
                try tx.forgetCapacity(of: LockName(name, scope), on: worker)
            }
            guard isForgotten else { throw RequestProblem.notFound("setting of the lock \(name)") }
            wakeUp.ring()
            return Response(status: .noContent)
        }
        routes.on(.post, "/api/v1/queue/pause", needs: .administer) { request, context in
            let message: QueuePauseMessage = try await request.decoded()
            let labels = try labels(message)
            let pause = QueuePause(
                by: context.principal.name,
                reason: message.reason.map { String($0.prefix(500)) }
            )
            try await database.write { try $0.pauseQueue(labels, pause, at: Date()) }
            wakeUp.ring()
            return Response(status: .noContent)
        }
        routes.on(.post, "/api/v1/queue/resume", needs: .administer) { request, _ in
            try await resume(try labels(try await request.decoded()))
            return Response(status: .noContent)
        }
        routes.form("/queue/resume", needs: .administer) { form, _, _ in
            let labels = try labels(QueuePauseMessage(labels: form.list("label")))
            try await resume(labels)
            let name = labels.isEmpty ? "of jobs without labels" : labels.joined(separator: ", ")
            return FormOutcome(.queue, "The queue \(name) goes on.")
        }
    }

    private func resume(_ labels: [String]) async throws {
        guard try await database.write({ try $0.resumeQueue(labels) }) else {
            throw RequestProblem(.conflict, "This queue is not paused.")
        }
        wakeUp.ring()
    }

    private func labels(_ message: QueuePauseMessage) throws -> [String] {
        let labels = Set(message.labels ?? []).sorted()
        guard labels.count <= 100, labels.allSatisfy({ (1...200).contains($0.utf8.count) }) else {
            throw RequestProblem(.badRequest, "`labels` are up to 100 of 1 to 200 bytes each.")
        }
        return labels
    }

    private func setting(_ message: LockCapacityMessage, of name: String) throws -> LockCapacity {
        guard Name.isValid(name) else {
            throw RequestProblem(
                .badRequest,
                "A lock's name is 1 to \(Name.lengthMax) letters, digits, `.`, `_` or `-`."
            )
        }
        guard LockBook.capacities.contains(message.capacity) else {
            throw RequestProblem(
                .badRequest,
                "`capacity` must be a number from \(LockBook.capacities.lowerBound) "
                    + "to \(LockBook.capacities.upperBound)."
            )
        }
        let scope = message.scope ?? (message.worker == nil ? .master : .worker)
        if message.worker != nil, scope == .master {
            throw RequestProblem(
                .badRequest,
                "Only a lock of scope `worker` has a capacity of its own on a worker."
            )
        }
        return LockCapacity(
            lock: LockName(name, scope),
            worker: message.worker,
            capacity: message.capacity
        )
    }
}

extension LockName {
    init(_ name: String, _ scope: LockScope) {
        switch scope {
        case .master: self.init(name, Scope.master)
        case .worker: self.init(name, Scope.worker)
        }
    }
}

extension LockMessage {
    fileprivate init(_ setting: LockCapacity) {
        self.init(
            name: setting.lock.name,
            scope: setting.lock.scope.rawValue,
            worker: setting.worker,
            capacity: setting.capacity
        )
    }

    /// Every lock that somebody set or holds.
    fileprivate static func all(_ settings: [LockCapacity], _ book: LockBook) -> [LockMessage] {
        let set = settings.map(LockMessage.init)
        let held = Dictionary(grouping: book.holdings, by: \.demand.lock)
        let unset = held.keys.filter { lock in
            !settings.contains { $0.lock == lock && $0.worker == nil }
        }
        let usual = unset.map { lock in
            LockMessage(
                LockCapacity(lock: lock, capacity: book.capacity(of: lock, on: nil))
            )
        }
        return (set + usual).map { message in
            var message = message
            guard message.worker == nil, let scope = LockName.Scope(rawValue: message.scope) else {
                return message
            }
            message.holders = (held[LockName(message.name, scope)] ?? []).map { holding in
                Holder(
                    job: holding.holder.job.rawValue,
                    title: holding.holder.description,
                    units: holding.demand.units,
                    worker: holding.worker
                )
            }
            return message
        }
        .sorted { ($0.name, $0.scope, $0.worker ?? "") < ($1.name, $1.scope, $1.worker ?? "") }
    }
}
