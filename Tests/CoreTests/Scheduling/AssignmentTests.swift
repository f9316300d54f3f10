import Core
import Foundation
import Testing

@Suite struct AssignmentTests {
    private func job(_ id: Int64, rank: Double = 0, image: String = "") -> LaneJob {
        LaneJob(id: JobID(id), rank: Date(timeIntervalSince1970: rank), image: image)
    }

    private func lane(
        _ repository: Int64,
        _ jobs: [LaneJob],
        labels: [String] = [],
        locks: [LockDemand] = [],
        hasMore: Bool = false,
        pause: QueuePause? = nil
    ) -> Lane {
        Lane(
            repository: RepositoryID(repository),
            labels: labels,
            locks: locks,
            jobs: jobs,
            hasMore: hasMore,
            pause: pause
        )
    }

    private func worker(
        _ name: String,
        _ labels: Set<String> = [],
        slots: Int = 1,
        free: Int? = nil,
        isPaused: Bool = false,
        isPresent: Bool = true,
        isAsking: Bool = true,
        isQuarantined: Bool = false,
        trouble: String? = nil,
        warmth: Warmth = Warmth()
    ) -> WorkerSnapshot {
        WorkerSnapshot(
            name: name,
            labels: labels,
            slots: slots,
            freeSlots: free ?? slots,
            isPaused: isPaused,
            isPresent: isPresent,
            isAsking: isAsking,
            isQuarantined: isQuarantined,
            trouble: trouble,
            warmth: warmth
        )
    }

    private func given(
        _ lanes: [Lane],
        to workers: [WorkerSnapshot],
        running: [RepositoryID: Int] = [:],
        locks: LockBook = LockBook()
    ) -> [String] {
        assign(QueueSnapshot(lanes: lanes, running: running, locks: locks), to: workers)
            .assignments.map { "\($0.job) \($0.worker)" }
    }

    private func reason(
        _ lanes: [Lane],
        to workers: [WorkerSnapshot],
        locks: LockBook = LockBook()
    ) -> String? {
        let queue = QueueSnapshot(lanes: lanes, locks: locks)
        return assign(queue, to: workers).reasons[lanes.count - 1]?.sentence
    }

    // MARK: In line

    @Test func `the first in line goes first, and ties go by number`() {
        let lanes = [
            lane(1, [job(9, rank: 5)], labels: ["x"]), lane(1, [job(3, rank: 5), job(2, rank: 9)]),
        ]
        #expect(given(lanes, to: [worker("a", ["x"], slots: 2)]) == ["3 a", "9 a"])
    }

    @Test func `a point of priority is worth a minute of waiting`() {
        let noon = Date(timeIntervalSince1970: 0)
        #expect(rank(since: noon, priority: 0) == noon)
        #expect(rank(since: noon.addingTimeInterval(599), priority: 10) < noon)
        #expect(rank(since: noon.addingTimeInterval(601), priority: 10) > noon)
        #expect(rank(since: noon, priority: -1) > rank(since: noon, priority: 0))
        #expect(rank(since: noon, priority: .max) == rank(since: noon, priority: priorityMax))
        #expect(rank(since: noon, priority: .min) == rank(since: noon, priority: -priorityMax))
    }

    @Test func `a flood in one repository does not hold up another`() {
        let flood = (0..<1_000).map { job(Int64($0), rank: 0) }
        let late = [job(5_000, rank: 9_000), job(5_001, rank: 9_001)]
        let lanes = [lane(1, flood), lane(2, late)]
        let running = [RepositoryID(1): 1]
        #expect(
            given(lanes, to: [worker("a", slots: 4)], running: running)
                == ["5000 a", "0 a", "5001 a", "1 a"]
        )
    }

    @Test func `a lane whose jobs shown are all given out says that it ran dry`() {
        let dispatch = assign(
            QueueSnapshot(lanes: [lane(1, [job(1)], hasMore: true), lane(2, [job(2)])]),
            to: [worker("a", slots: 4)]
        )
        #expect(dispatch.dryLanes == [0])
        #expect(dispatch.reasons == [0: .workersBusy(slots: 4)])
    }

    // MARK: Workers

    @Test func `the worker with the most free slots is taken, and ties go by name`() {
        let workers = [worker("b", slots: 2), worker("a", slots: 1), worker("c", slots: 2)]
        let jobs = (1...4).map { job(Int64($0)) }
        #expect(given([lane(1, jobs)], to: workers) == ["1 b", "2 c", "3 a", "4 b"])
    }

    @Test func `a worker that has repository and image at hand is preferred, and never waited for`()
    {
        var repository = Warmth()
        repository.note(RepositoryID(7), image: "")
        var image = Warmth()
        image.note(RepositoryID(1), image: "swift:6.3")
        let workers = [
            worker("cold", slots: 9), worker("image", slots: 2, warmth: image),
            worker("warm", slots: 1, warmth: repository),
        ]
        let jobs = (1...4).map { job(Int64($0), image: "swift:6.3") }
        #expect(given([lane(7, jobs)], to: workers) == ["1 warm", "2 image", "3 image", "4 cold"])
    }

    @Test func `what a worker is remembered for is bounded, and the newest stays`() {
        var warmth = Warmth()
        for number in 0..<100 { warmth.note(RepositoryID(Int64(number)), image: "\(number)") }
        warmth.note(RepositoryID(99), image: "99")
        #expect(warmth.repositories.count == Warmth.countMax)
        #expect(warmth.images.last == "99")
        #expect(Set(warmth.images).count == Warmth.countMax)
    }

    @Test func `a worker needs every label of the job`() {
        let workers = [worker("a", ["linux"]), worker("b", ["linux", "arm"])]
        #expect(given([lane(1, [job(1)], labels: ["arm", "linux"])], to: workers) == ["1 b"])
    }

    @Test func `a worker that may or can take nothing gets nothing`() {
        for unfit in [
            worker("a", isPaused: true), worker("a", free: 0), worker("a", isAsking: false),
            worker("a", isQuarantined: true), worker("a", trouble: "no room"),
        ] {
            #expect(given([lane(1, [job(1)])], to: [unfit]) == [])
        }
    }

    // MARK: Locks

    private let licence = LockName("licence")

    @Test func `a lock has as many holders as it has units`() {
        let one = LockDemand(licence, units: 1)
        let lanes = [lane(1, [job(1), job(2), job(3)], locks: [one])]
        let locks = LockBook(capacities: [licence: 2])
        #expect(given(lanes, to: [worker("a", slots: 4)], locks: locks) == ["1 a", "2 a"])
        #expect(given(lanes, to: [worker("a", slots: 4)]) == ["1 a"])
    }

    @Test func `an exclusive lock is held by one, whatever its capacity`() {
        let locks = LockBook(capacities: [licence: 5])
        let lanes = [
            lane(1, [job(1)], locks: [LockDemand(licence, units: 1)]),
            lane(2, [job(2)], locks: [LockDemand(licence)]),
        ]
        #expect(given(lanes, to: [worker("a", slots: 4)], locks: locks) == ["1 a"])
        #expect(
            reason(lanes, to: [worker("a", slots: 4)], locks: locks)
                == "It waits for the lock licence, which job 1 holds."
        )
    }

    @Test func `all its locks or none, and a younger job does not make it wait longer`() {
        let (a, b) = (LockName("a"), LockName("b"))
        let held = LockBook.Holding(
            LockDemand(b),
            repository: RepositoryID(9),
            worker: "x",
            holder: JobTitle(JobID(5), "shop #4 (test)")
        )
        let locks = LockBook(holdings: [held])
        let lanes = [
            lane(1, [job(1, rank: 1)], locks: [LockDemand(a), LockDemand(b)]),
            lane(2, [job(2, rank: 2)], locks: [LockDemand(a)]),
        ]
        #expect(given(lanes, to: [worker("a", slots: 4)], locks: locks) == [])
        #expect(
            reason(lanes, to: [worker("a", slots: 4)], locks: locks)
                == "It waits for the lock a, for which job 1 is before it in line."
        )
        #expect(
            reason([lanes[0]], to: [worker("a", slots: 4)], locks: locks)
                == "It waits for the lock b, which shop #4 (test) holds."
        )
    }

    @Test func `who could not run anyhow keeps no lock from others`() {
        let lanes = [
            lane(1, [job(1, rank: 1)], labels: ["gpu"], locks: [LockDemand(licence)]),
            lane(2, [job(2, rank: 2)], locks: [LockDemand(licence, units: 3)]),
            lane(3, [job(3, rank: 3)], locks: [LockDemand(licence)]),
        ]
        #expect(given(lanes, to: [worker("a", slots: 4)]) == ["3 a"])
        #expect(
            reason(Array(lanes.prefix(2)), to: [worker("a")])
                == "It wants 3 of the lock licence, of which there is 1: "
                + "`slipway lock set licence 3` makes it possible."
        )
    }

    @Test func `each worker has its own of a worker's lock, and some have more`() {
        let port = LockName("port", .worker)
        let lanes = [
            lane(1, [job(1), job(2)], locks: [LockDemand(port, units: 1)]),
            lane(2, (3...9).map { job($0, rank: 1) }, locks: [LockDemand(port, units: 1)]),
        ]
        let locks = LockBook(workerCapacities: ["b": ["port": 2]])
        let workers = [worker("a", slots: 9), worker("b", slots: 9)]
        #expect(given(lanes, to: workers, locks: locks).count == 3)
        #expect(
            given(lanes, to: workers, locks: locks).map { $0.suffix(1) }.sorted() == [
                "a", "b", "b",
            ]
        )
    }

    @Test func `the lock of a channel is its repository's own`() {
        let staging = LockDemand(LockName("staging", .repository))
        let lanes = [
            lane(1, [job(1), job(2)], locks: [staging]), lane(2, [job(3)], locks: [staging]),
        ]
        #expect(given(lanes, to: [worker("a", slots: 9)]) == ["1 a", "3 a"])
    }

    @Test func `a job takes the locks of all its steps at once, of each what the greediest does`() {
        func step(_ locks: LockSpec...) -> StepSpec {
            StepSpec(name: "s", action: .run(script: ""), locks: locks)
        }
        let spec = JobSpec(
            name: "j",
            channel: "staging",
            steps: [
                step(LockSpec(name: "a", count: 2, mode: .counting)),
                step(
                    LockSpec(name: "a", count: 3, mode: .counting),
                    LockSpec(name: "b", mode: .counting)
                ),
                step(LockSpec(name: "b"), LockSpec(name: "a", scope: .worker)),
            ]
        )
        #expect(
            spec.lockDemands == [
                LockDemand(LockName("a"), units: 3), LockDemand(LockName("b")),
                LockDemand(LockName("staging", .repository)),
                LockDemand(LockName("a", .worker)),
            ]
        )
    }

    // MARK: Reasons

    @Test func `each reason names what would have to change`() {
        let cases: [([WorkerSnapshot], [String], String)] = [
            ([], [], "No worker has ever connected: start one with `slipway worker`."),
            ([worker("a")], ["gpu"], "No worker has the label gpu."),
            ([worker("a", ["x"])], ["x", "y", "z"], "No worker has the labels y, z."),
            (
                [worker("a", ["x"]), worker("b", ["y"])], ["x", "y"],
                "No worker has the labels x, y."
            ),
            (
                [
                    worker("b", isPresent: false, isAsking: false),
                    worker("a", isPresent: false, isAsking: false),
                ], [],
                "Every worker that could run it is away: a, b."
            ),
            ([worker("a", isPaused: true)], [], "Every worker that could run it is paused: a."),
            (
                [worker("a", isQuarantined: true)], [],
                "Every worker that could run it is in quarantine after failures of its own: a. "
                    + "`slipway worker resume` lifts it."
            ),
            (
                [worker("a", trouble: "its disk is full")], [],
                "Every worker that could run it is in trouble: a (its disk is full)."
            ),
            ([worker("a", free: 0)], [], "The one slot that could run it is busy."),
            (
                [worker("a", slots: 2, free: 0), worker("b", slots: 3, free: 0)], [],
                "All 5 slots that could run it are busy."
            ),
            (
                [worker("a", isPaused: true), worker("b", free: 0)], [],
                "The one slot that could run it is busy."
            ),
        ]
        for (workers, labels, sentence) in cases {
            #expect(reason([lane(1, [job(1)], labels: labels)], to: workers) == sentence)
            // Whoever shows no job is told the same.
            #expect(
                reason([lane(1, [], labels: labels)], to: workers) == sentence
                    || workers.contains(where: \.isAsking)
            )
        }
        let pause = QueuePause(by: "ada", reason: "the switch is being replaced")
        #expect(
            reason([lane(1, [job(1)], pause: pause)], to: [worker("a")])
                == "This queue was paused by ada: the switch is being replaced"
        )
    }

    @Test func `a lane that empties has no reason, any other has one`() {
        let lanes = [lane(1, [job(1)]), lane(2, [job(2), job(3)])]
        let dispatch = assign(QueueSnapshot(lanes: lanes), to: [worker("a", slots: 2)])
        #expect(dispatch.reasons == [1: .workersBusy(slots: 2)])
    }
}
