/// What is taken of each lock during one round, and who is next in line for it.
struct LockTable {
    /// One lock at one place: a worker's own, a repository's own, or everybody's.
    private struct Key: Hashable {
        var lock: LockName
        var worker = ""
        var repository = RepositoryID(0)

        init(_ lock: LockName, _ repository: RepositoryID, _ worker: String) {
            self.lock = lock
            switch lock.scope {
            case .master: break
            case .worker: self.worker = worker
            case .repository: self.repository = repository
            }
        }
    }

    private struct Usage {
        var units = 0
        var holders: [JobTitle] = []
    }

    private let lanes: [Lane]
    private let book: LockBook
    private var usage: [Key: Usage] = [:]
    /// The lanes that want a lock.
    private let rivals: [LockName: [Int]]
    /// The first job of each lane that could run if it had its locks and a slot.
    private var first: [Int: LaneJob] = [:]

    init(_ queue: QueueSnapshot) {
        lanes = queue.lanes
        book = queue.locks
        var rivals: [LockName: [Int]] = [:]
        for (index, lane) in queue.lanes.enumerated() {
            for demand in lane.locks { rivals[demand.lock, default: []].append(index) }
        }
        self.rivals = rivals
        for holding in book.holdings {
            take(holding.demand, holding.repository, holding.holder, on: holding.worker)
        }
    }

    /// Notes who is next in a lane; while it waits, what it wants is kept for it.
    mutating func open(_ index: Int, first job: LaneJob) {
        if !lanes[index].locks.isEmpty { first[index] = job }
    }

    mutating func close(_ index: Int) {
        first[index] = nil
    }

    mutating func take(_ lane: Lane, _ job: JobID, on worker: String) {
        for demand in lane.locks { take(demand, lane.repository, JobTitle(job), on: worker) }
    }

    private mutating func take(
        _ demand: LockDemand,
        _ repository: RepositoryID,
        _ holder: JobTitle,
        on worker: String
    ) {
        let key = Key(demand.lock, repository, worker)
        usage[key, default: Usage()].units += units(demand, on: worker)
        usage[key]?.holders.append(holder)
    }

    private func units(_ demand: LockDemand, on worker: String?) -> Int {
        demand.units ?? max(book.capacity(of: demand.lock, on: worker), 1)
    }

    /// Why the lane would not get its locks though nobody held any.
    func obstacle(to lane: Lane, on workers: [String]) -> WaitingReason? {
        for demand in lane.locks {
            let places: [String?] = demand.lock.scope == .worker ? workers.map(\.self) : [nil]
            let best = places.map { book.capacity(of: demand.lock, on: $0) }.max() ?? 0
            let wanted = demand.units ?? 1
            if wanted > best {
                return .lockTooSmall(demand.lock, wanted: wanted, capacity: best)
            }
        }
        return nil
    }

    /// Why a job does not get its locks now: those of this worker, or without one all others.
    func refusal(of job: LaneJob, in index: Int, on worker: WorkerSnapshot?) -> Refusal? {
        let lane = lanes[index]
        for demand in lane.locks where (demand.lock.scope == .worker) == (worker != nil) {
            let capacity = book.capacity(of: demand.lock, on: worker?.name)
            let wanted = units(demand, on: worker?.name)
            let taken = usage[Key(demand.lock, lane.repository, worker?.name ?? "")] ?? Usage()
            if taken.units + wanted > capacity {
                return Refusal(.locked(demand.lock, by: taken.holders))
            }
            let older = (rivals[demand.lock] ?? []).filter { rival in
                guard rival != index, let first = first[rival], first < job else { return false }
                return isRival(lanes[rival], of: lane, for: demand.lock, on: worker)
            }
            let kept = older.reduce(0) { sum, rival in
                let demand = lanes[rival].locks.first { $0.lock == demand.lock }
                return sum + (demand.map { units($0, on: worker?.name) } ?? 0)
            }
            if taken.units + kept + wanted > capacity,
                let next = older.compactMap({ first[$0] }).min()
            {
                return Refusal(.behind(JobTitle(next.id), lock: demand.lock), isBehind: true)
            }
        }
        return nil
    }

    /// Whether two lanes may want the same lock at the same place.
    private func isRival(
        _ other: Lane,
        of lane: Lane,
        for lock: LockName,
        on worker: WorkerSnapshot?
    ) -> Bool {
        switch lock.scope {
        case .master: true
        case .repository: other.repository == lane.repository
        case .worker: worker?.labels.isSuperset(of: other.labels) ?? false
        }
    }
}
