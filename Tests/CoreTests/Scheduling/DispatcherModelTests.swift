import Core
import Foundation
import Testing

/// Random histories of a small installation, looked at after each step.
///
/// Builds come, workers come, go and are paused, jobs end, locks change.
@Suite struct DispatcherModelTests {
    @Test(arguments: 0..<80)
    func `in no history is a lock over capacity, a job on two workers, or an answer unclear`(
        seed: UInt64
    ) {
        var random = SeededRandom(seed: seed)
        var model = Model(&random)
        for _ in 0..<80 {
            model.step(&random)
            let complaints = model.dispatch(&random)
            #expect(complaints == [], "seed \(seed)")
            if !complaints.isEmpty { return }
        }
    }

    /// A job that can run gets its turn within as many ends of jobs as there are jobs before it,
    /// however many others keep coming.
    @Test(arguments: 0..<30)
    func `in no history does a job starve that could run`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var model = Model(&random)
        for _ in 0..<40 {
            model.step(&random)
            _ = model.dispatch(&random)
        }
        model.openEverything()
        let waiting = Set(model.waiting.map(\.id).filter { model.canEverRun($0) })
        for _ in 0..<(40 * (waiting.count + model.running.count + 1)) {
            model.add(&random)
            model.endOldest()
            _ = model.dispatch(&random)
            if waiting.isDisjoint(with: model.waiting.map(\.id)) { return }
        }
        Issue.record("seed \(seed): \(waiting.intersection(model.waiting.map(\.id))) starve")
    }

    /// A lock that is never free by itself is kept for whoever wants all of it.
    @Test(arguments: 0..<10)
    func `a job that wants a whole lock gets it in a flood of jobs that want a unit`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var model = Model(&random)
        model.openEverything()
        model.book.capacities[LockName("a")] = 2
        for _ in 0..<2 { model.want(LockName("a"), units: 1) }
        _ = model.dispatch(&random)
        let whole = model.want(LockName("a"), units: nil)
        for _ in 0..<20 {
            model.want(LockName("a"), units: 1)
            model.endOldest()
            _ = model.dispatch(&random)
            if !model.waiting.contains(where: { $0.id == whole }) { return }
        }
        Issue.record("seed \(seed): it starves")
    }
}

/// What is true of an installation, told in the plainest way.
private struct Model {
    struct Waiting {
        var id: JobID
        var repository: RepositoryID
        var labels: [String]
        var locks: [LockDemand]
        var rank: Date
    }

    struct Running {
        var job: Waiting
        var worker: String
    }

    var now = Date(timeIntervalSince1970: 0)
    var nextID: Int64 = 1
    var waiting: [Waiting] = []
    var running: [Running] = []
    var everGiven: Set<JobID> = []
    var workers: [WorkerSnapshot] = []
    var book = LockBook()

    private static let labels = ["arm", "gpu"]
    private static let locks = [
        LockName("a"), LockName("b"), LockName("port", .worker), LockName("staging", .repository),
    ]

    init(_ random: inout SeededRandom) {
        for number in 0..<Int.random(in: 1...4, using: &random) {
            let labels = Self.labels.filter { _ in Bool.random(using: &random) }
            workers.append(
                WorkerSnapshot(
                    name: "w\(number)",
                    labels: Set(labels),
                    slots: Int.random(in: 1...4, using: &random),
                    freeSlots: 0,
                    isPaused: false,
                    isPresent: true,
                    isAsking: true
                )
            )
        }
        for lock in Self.locks.prefix(3) {
            book.capacities[lock] = Int.random(in: 1...3, using: &random)
        }
        book.workerCapacities["w0"] = ["port": 2]
    }

    mutating func add(_ random: inout SeededRandom) {
        let locks = Self.locks.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.sorted {
            LockDemand($0) < LockDemand($1)
        }
        let repository =
            Int.random(in: 0..<10, using: &random) < 6 ? 1 : Int.random(in: 2...4, using: &random)
        waiting.append(
            Waiting(
                id: JobID(nextID),
                repository: RepositoryID(Int64(repository)),
                labels: Self.labels.filter { _ in Int.random(in: 0..<4, using: &random) == 0 },
                locks: locks.map {
                    LockDemand(
                        $0,
                        units: Bool.random(using: &random)
                            ? nil : Int.random(in: 1...2, using: &random)
                    )
                },
                rank: rank(since: now, priority: Int.random(in: -2...2, using: &random))
            )
        )
        nextID += 1
    }

    mutating func step(_ random: inout SeededRandom) {
        now.addTimeInterval(Double.random(in: 0...60, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: for _ in 0..<Int.random(in: 1...6, using: &random) { add(&random) }
        case 4..<8:
            if let index = running.indices.randomElement(using: &random) {
                running.remove(at: index)
            }
        case 8:
            if let index = workers.indices.randomElement(using: &random) {
                workers[index].isPaused = Int.random(in: 0..<3, using: &random) == 0
                workers[index].isPresent = Int.random(in: 0..<4, using: &random) > 0
                workers[index].isAsking = workers[index].isPresent
            }
        case _:
            book.capacities[Self.locks[0]] = Int.random(in: 0...3, using: &random)
        }
    }

    mutating func openEverything() {
        for index in workers.indices {
            workers[index].isPaused = false
            workers[index].isPresent = true
            workers[index].isAsking = true
        }
        for lock in Self.locks.prefix(3) {
            book.capacities[lock] = max(book.capacities[lock] ?? 1, 1)
        }
    }

    /// A job of one repository that comes now and wants a lock, all of it without `units`.
    @discardableResult
    mutating func want(_ lock: LockName, units: Int?) -> JobID {
        now.addTimeInterval(1)
        let id = JobID(nextID)
        nextID += 1
        waiting.append(
            Waiting(
                id: id,
                repository: RepositoryID(1),
                labels: [],
                locks: [LockDemand(lock, units: units)],
                rank: rank(since: now, priority: 0)
            )
        )
        return id
    }

    mutating func endOldest() {
        if !running.isEmpty { running.removeFirst() }
    }

    func canEverRun(_ id: JobID) -> Bool {
        guard let job = waiting.first(where: { $0.id == id }) else { return false }
        return workers.contains { worker in
            worker.labels.isSuperset(of: job.labels)
                && job.locks.allSatisfy {
                    ($0.units ?? 1) <= book.capacity(of: $0.lock, on: worker.name)
                }
        }
    }

    /// Decides, looks at the decision, and does what it says.
    mutating func dispatch(_ random: inout SeededRandom) -> [String] {
        let queue = snapshot
        let floor = workersNow
        let dispatch = assign(queue, to: floor)
        var complaints: [String] = []
        var shuffled = queue
        shuffled.lanes.shuffle(using: &random)
        let again = assign(shuffled, to: floor.shuffled(using: &random))
        if again.assignments != dispatch.assignments {
            complaints.append("the order of lanes decides")
        }
        // A lane of which a job stays has a reason.
        let reasons = Set(
            queue.lanes.indices.filter { index in
                let left = queue.lanes[index].jobs.count { job in
                    !dispatch.assignments.contains { $0.job == job.id }
                }
                return left > 0
            }
        )
        if reasons != Set(dispatch.reasons.keys) { complaints.append("a lane without a reason") }
        for assignment in dispatch.assignments {
            guard let index = waiting.firstIndex(where: { $0.id == assignment.job }),
                everGiven.insert(assignment.job).inserted
            else {
                complaints.append("job \(assignment.job) is given out twice")
                continue
            }
            running.append(Running(job: waiting.remove(at: index), worker: assignment.worker))
        }
        return complaints + wrong(after: dispatch, floor)
    }

    private func wrong(after dispatch: Dispatch, _ floor: [WorkerSnapshot]) -> [String] {
        var complaints: [String] = []
        for worker in floor {
            let new = dispatch.assignments.filter { $0.worker == worker.name }
            if new.isEmpty { continue }
            if new.count > worker.freeSlots {
                complaints.append("\(worker.name) has no such slots")
            }
            if worker.isPaused || !worker.isAsking {
                complaints.append("\(worker.name) takes nothing")
            }
            for job in running where job.worker == worker.name {
                if !worker.labels.isSuperset(of: job.job.labels) {
                    complaints.append("\(worker.name) has no such labels")
                }
            }
        }
        let given = Set(dispatch.assignments.map(\.job))
        for lock in Self.locks {
            let holders = running.filter { $0.job.locks.contains { $0.lock == lock } }
            let places = Dictionary(grouping: holders) { holder in
                switch lock.scope {
                case .master: ""
                case .worker: holder.worker
                case .repository: "\(holder.job.repository)"
                }
            }
            for (place, holders) in places
            where holders.contains(where: { given.contains($0.job.id) }) {
                let capacity = book.capacity(of: lock, on: place)
                let units = holders.reduce(0) { sum, holder in
                    let demand = holder.job.locks.first { $0.lock == lock }
                    return sum + (demand?.units ?? max(capacity, 1))
                }
                if units > capacity { complaints.append("\(lock.title) is over capacity") }
            }
        }
        return complaints
    }

    private var snapshot: QueueSnapshot {
        let lanes = Dictionary(grouping: waiting) { "\($0.repository) \($0.labels) \($0.locks)" }
        var book = book
        book.holdings = running.flatMap { job in
            job.job.locks.map {
                LockBook.Holding(
                    $0,
                    repository: job.job.repository,
                    worker: job.worker,
                    holder: JobTitle(job.job.id)
                )
            }
        }
        return QueueSnapshot(
            lanes: lanes.keys.sorted().map { key in
                let jobs = lanes[key] ?? []
                return Lane(
                    repository: jobs[0].repository,
                    labels: jobs[0].labels,
                    locks: jobs[0].locks,
                    jobs: jobs.map { LaneJob(id: $0.id, rank: $0.rank) }.sorted()
                )
            },
            running: Dictionary(grouping: running) { $0.job.repository }.mapValues(\.count),
            locks: book
        )
    }

    private var workersNow: [WorkerSnapshot] {
        workers.map { worker in
            var worker = worker
            worker.freeSlots = max(worker.slots - running.count { $0.worker == worker.name }, 0)
            return worker
        }
    }
}
