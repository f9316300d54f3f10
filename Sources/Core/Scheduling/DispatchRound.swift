/// One decision of the dispatcher, being worked out.
///
/// The lanes take turns: who is to go next gets a worker and its locks, or its lane is out of this
/// round. Nothing becomes free during a round, so a lane need not be asked twice; but for one
/// behind an older job at a lock, which may have room once that job is placed.
struct DispatchRound {
    /// The first job of a lane, in the order in which they are asked.
    private struct Turn: Comparable {
        var running: Int
        var job: LaneJob
        var lane: Int

        static func < (left: Self, right: Self) -> Bool {
            left.running == right.running ? left.job < right.job : left.running < right.running
        }
    }

    private let queue: QueueSnapshot
    private let floor: WorkerFloor
    private var freeSlots: [Int]
    /// By lane: the workers that wait for such a job.
    private var askers: [[Int]]
    private var running: [RepositoryID: Int]
    private var locks: LockTable
    private var turns = PriorityHeap<Turn>()
    /// By lane: how many of its jobs have been given out.
    private var given: [Int]
    private var reasons: [Int: WaitingReason] = [:]
    private var assignments: [Assignment] = []
    private var dryLanes: [Int] = []
    /// Lanes behind an older job at a lock.
    private var parked: [Int] = []

    init(_ queue: QueueSnapshot, _ workers: [WorkerSnapshot]) {
        self.queue = queue
        floor = WorkerFloor(workers)
        freeSlots = floor.workers.map(\.freeSlots)
        running = queue.running
        locks = LockTable(queue)
        given = Array(repeating: 0, count: queue.lanes.count)
        askers = Array(repeating: [], count: queue.lanes.count)
    }

    mutating func run() -> Dispatch {
        for (index, lane) in queue.lanes.enumerated() {
            if let reason = obstacle(to: lane) {
                reasons[index] = reason
            } else if lane.jobs.isEmpty {
                reasons[index] = floor.busy(for: lane.labels)
            } else {
                askers[index] = floor.asking(lane.labels)
                locks.open(index, first: lane.jobs[0])
                enter(index)
            }
        }
        while let turn = turns.pop() {
            let lane = queue.lanes[turn.lane]
            if turn.running == running[lane.repository, default: 0] {
                ask(turn.job, of: turn.lane)
            } else {
                enter(turn.lane)
            }
        }
        return Dispatch(
            assignments: assignments,
            reasons: reasons,
            dryLanes: dryLanes.sorted()
        )
    }

    /// Why no job of the lane can start, whoever else waits.
    private func obstacle(to lane: Lane) -> WaitingReason? {
        if let pause = lane.pause { return .queuePaused(pause) }
        if let reason = floor.obstacle(to: lane.labels) { return reason }
        let able = floor.able(lane.labels).map { floor.workers[$0].name }
        return locks.obstacle(to: lane, on: able)
    }

    private mutating func enter(_ index: Int) {
        let lane = queue.lanes[index]
        turns.push(
            Turn(
                running: running[lane.repository, default: 0],
                job: lane.jobs[given[index]],
                lane: index
            )
        )
    }

    private mutating func ask(_ job: LaneJob, of index: Int) {
        switch place(job, of: index) {
        case .success(let worker):
            freeSlots[worker] -= 1
            running[queue.lanes[index].repository, default: 0] += 1
            let name = floor.workers[worker].name
            locks.take(queue.lanes[index], job.id, on: name)
            assignments.append(Assignment(job: job.id, worker: name))
            advance(index)
        case .failure(let refusal):
            reasons[index] = refusal.reason
            if refusal.isBehind { parked.append(index) }
        }
    }

    private mutating func advance(_ index: Int) {
        let lane = queue.lanes[index]
        given[index] += 1
        reasons[index] = nil
        if given[index] < lane.jobs.count {
            locks.open(index, first: lane.jobs[given[index]])
            enter(index)
        } else {
            locks.close(index)
            if lane.hasMore {
                dryLanes.append(index)
                reasons[index] = floor.busy(for: lane.labels)
            }
        }
        guard !lane.locks.isEmpty else { return }
        for index in parked { enter(index) }
        parked = []
    }

    /// The worker for a job, as things stand in this round.
    private func place(_ job: LaneJob, of index: Int) -> Result<Int, Refusal> {
        let lane = queue.lanes[index]
        if let refusal = locks.refusal(of: job, in: index, on: nil) { return .failure(refusal) }
        var best: (worker: Int, warmth: Int)?
        var locked: Refusal?
        for worker in askers[index] where freeSlots[worker] > 0 {
            let snapshot = floor.workers[worker]
            if let refusal = locks.refusal(of: job, in: index, on: snapshot) {
                locked = locked ?? refusal
                continue
            }
            let warmth = snapshot.warmth.degree(of: lane.repository, image: job.image)
            if let best, (best.warmth, freeSlots[best.worker]) >= (warmth, freeSlots[worker]) {
                continue
            }
            best = (worker, warmth)
        }
        if let best { return .success(best.worker) }
        return .failure(locked ?? Refusal(floor.busy(for: lane.labels)))
    }
}

/// Why a job cannot be placed in this round.
struct Refusal: Error {
    var reason: WaitingReason
    /// Whether that may change once an older job is placed.
    var isBehind: Bool

    init(_ reason: WaitingReason, isBehind: Bool = false) {
        self.reason = reason
        self.isBehind = isBehind
    }
}
