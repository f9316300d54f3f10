/// What a job takes of one lock for the whole of an attempt.
package struct LockDemand: Hashable, Sendable {
    package var lock: LockName
    /// Nil: all there is of it.
    package var units: Int?

    package init(_ lock: LockName, units: Int? = nil) {
        self.lock = lock
        self.units = units
    }
}

/// A lock, and among whom it is one.
package struct LockName: Hashable, Sendable {
    package enum Scope: String, Sendable, CaseIterable {
        /// One for all.
        case master
        /// Each worker has its own.
        case worker
        /// Each repository has its own: the locks of channels.
        case repository
    }

    package var name: String
    package var scope: Scope

    package init(_ name: String, _ scope: Scope = .master) {
        self.name = name
        self.scope = scope
    }

    /// As sentences call it.
    package var title: String {
        switch scope {
        case .master: "lock \(name)"
        case .worker: "worker's lock \(name)"
        case .repository: "channel \(name)"
        }
    }
}

extension LockDemand: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.lock.scope.rawValue, left.lock.name) < (right.lock.scope.rawValue, right.lock.name)
    }
}

extension JobSpec {
    /// What the job takes for the whole of an attempt: the locks of all its steps, and of its
    /// channel.
    ///
    /// Its steps run one after the other, so of a lock that several take it needs what the
    /// greediest does. Sorted, so that equal demands are equal.
    package var lockDemands: [LockDemand] {
        var demands: [LockName: Int?] = [:]
        for lock in steps.flatMap(\.locks) {
            let name = LockName(lock.name, lock.scope == .master ? .master : .worker)
            let units: Int? =
                switch lock.mode {
                case .exclusive: nil
                case .counting: lock.count
                }
            if let known = demands[name] {
                demands[name] = .some(known.flatMap { known in units.map { max($0, known) } })
            } else {
                demands[name] = .some(units)
            }
        }
        if let channel { demands[LockName(channel, .repository)] = .some(nil) }
        return demands.map { LockDemand($0.key, units: $0.value) }.sorted()
    }
}

/// A job as sentences name it.
package struct JobTitle: Equatable, Sendable {
    package var job: JobID
    /// Such as `shop #4 (test)`; nil: only its number is known.
    package var text: String?

    package init(_ job: JobID, _ text: String? = nil) {
        self.job = job
        self.text = text
    }
}

extension JobTitle: CustomStringConvertible {
    package var description: String { text ?? "job \(job)" }
}

/// How much there is of each lock, and who holds how much of it.
package struct LockBook: Equatable, Sendable {
    /// A running job that holds a lock.
    package struct Holding: Equatable, Sendable {
        package var demand: LockDemand
        package var repository: RepositoryID
        package var worker: String
        package var holder: JobTitle

        package init(
            _ demand: LockDemand,
            repository: RepositoryID,
            worker: String,
            holder: JobTitle
        ) {
            self.demand = demand
            self.repository = repository
            self.worker = worker
            self.holder = holder
        }
    }

    /// Of those that differ from ``capacityDefault``.
    package var capacities: [LockName: Int]
    /// By worker, of the locks of which it has another number than other workers.
    package var workerCapacities: [String: [String: Int]]
    package var holdings: [Holding]

    package init(
        capacities: [LockName: Int] = [:],
        workerCapacities: [String: [String: Int]] = [:],
        holdings: [Holding] = []
    ) {
        self.capacities = capacities
        self.workerCapacities = workerCapacities
        self.holdings = holdings
    }

    package static let capacityDefault = 1
    package static let capacities = 0...10_000

    /// How much there is of a lock; of a worker's own on this worker.
    package func capacity(of lock: LockName, on worker: String?) -> Int {
        switch lock.scope {
        case .repository: Self.capacityDefault
        case .master: capacities[lock] ?? Self.capacityDefault
        case .worker:
            worker.flatMap { workerCapacities[$0]?[lock.name] } ?? capacities[lock]
                ?? Self.capacityDefault
        }
    }
}
