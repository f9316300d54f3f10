import Core
import Foundation
import Testing

@Suite struct AssignmentTests {
    private func job(_ id: Int64, _ labels: [String] = [], since: Double = 0) -> WaitingJob {
        WaitingJob(
            id: JobID(id),
            labels: labels,
            since: Date(timeIntervalSince1970: since)
        )
    }

    private func worker(
        _ name: String,
        _ labels: Set<String> = [],
        slots: Int = 1,
        free: Int? = nil,
        isPaused: Bool = false,
        isPresent: Bool = true,
        isAsking: Bool = true
    ) -> WorkerSnapshot {
        WorkerSnapshot(
            name: name,
            labels: labels,
            slots: slots,
            freeSlots: free ?? slots,
            isPaused: isPaused,
            isPresent: isPresent,
            isAsking: isAsking
        )
    }

    private func given(_ dispatch: Dispatch) -> [String] {
        dispatch.assignments.map { "\($0.job) \($0.worker)" }
    }

    @Test func `the oldest job goes first, and ties go by number`() {
        let jobs = [job(3, since: 5), job(2, since: 9), job(9, since: 5)]
        #expect(given(assign(jobs, to: [worker("a", slots: 2)])) == ["3 a", "9 a"])
    }

    @Test func `the worker with the most free slots is taken, and ties go by name`() {
        let workers = [worker("b", slots: 2), worker("a", slots: 1), worker("c", slots: 2)]
        let dispatch = assign([job(1), job(2), job(3), job(4)], to: workers)
        #expect(given(dispatch) == ["1 b", "2 c", "3 a", "4 b"])
    }

    @Test func `a worker needs every label of the job`() {
        let workers = [worker("a", ["linux"]), worker("b", ["linux", "arm"])]
        #expect(given(assign([job(1, ["arm", "linux"])], to: workers)) == ["1 b"])
    }

    @Test func `a young job runs while an older one waits for a label`() {
        let jobs = [job(1, ["gpu"], since: 1), job(2, since: 2)]
        let dispatch = assign(jobs, to: [worker("a")])
        #expect(given(dispatch) == ["2 a"])
        #expect(dispatch.reasons == [JobID(1): .noWorkerWithLabels(["gpu"])])
    }

    @Test func `a paused worker, one without a free slot and one that does not ask get nothing`() {
        for unfit in [
            worker("a", isPaused: true), worker("a", free: 0), worker("a", isAsking: false),
        ] {
            #expect(assign([job(1)], to: [unfit]).assignments == [])
        }
    }

    @Test func `a silent worker gets nothing`() {
        let away = worker("a", isPresent: false, isAsking: false)
        let dispatch = assign([job(1)], to: [away])
        #expect(dispatch.assignments == [])
        #expect(dispatch.reasons == [JobID(1): .workersAway(["a"])])
    }

    @Test func `every waiting job has a reason and no other job has one`() {
        let dispatch = assign([job(1), job(2), job(3)], to: [worker("a", slots: 2)])
        #expect(Set(dispatch.reasons.keys) == [JobID(3)])
        #expect(dispatch.reasons[JobID(3)] == .workersBusy(slots: 2))
    }

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
            let dispatch = assign([job(1, labels)], to: workers)
            #expect(dispatch.reasons[JobID(1)]?.sentence == sentence)
        }
    }

    @Test(arguments: 0..<50)
    func `the order in which jobs and workers are found decides nothing`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let labels = ["x", "y", "z"]
        let jobs = (1...12).map { id in
            job(
                id,
                labels.filter { _ in Int.random(in: 0..<3, using: &random) == 0 },
                since: Double(Int.random(in: 0..<4, using: &random))
            )
        }
        let workers = (0..<5).map { index in
            worker(
                "w\(index)",
                Set(labels.filter { _ in Bool.random(using: &random) }),
                slots: Int.random(in: 1...3, using: &random),
                isPaused: Int.random(in: 0..<5, using: &random) == 0
            )
        }
        let dispatch = assign(jobs, to: workers)
        let shuffled = assign(
            jobs.shuffled(using: &random),
            to: workers.shuffled(using: &random)
        )
        #expect(shuffled == dispatch)
        for worker in workers {
            let taken = dispatch.assignments.count { $0.worker == worker.name }
            #expect(taken <= worker.freeSlots)
        }
        #expect(dispatch.assignments.count + dispatch.reasons.count == jobs.count)
    }
}
