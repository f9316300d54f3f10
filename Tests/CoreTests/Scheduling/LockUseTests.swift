import Core
import Testing

@Suite struct LockUseTests {
    private let licence = LockName("licence")
    private let port = LockName("port", .worker)
    private let staging = LockName("staging", .repository)

    private func holding(
        _ lock: LockName,
        _ units: Int?,
        job: Int64,
        repository: Int64 = 1,
        worker: String = "w1"
    ) -> LockBook.Holding {
        LockBook.Holding(
            LockDemand(lock, units: units),
            repository: RepositoryID(repository),
            worker: worker,
            holder: JobTitle(JobID(job))
        )
    }

    private func wish(_ lock: LockName, job: Int64, repository: Int64 = 1) -> LockWish {
        LockWish(job: JobID(job), repository: RepositoryID(repository), lock: lock)
    }

    @Test func `what is taken of a lock is what its holders took, all of it for an exclusive one`()
    {
        let book = LockBook(
            capacities: [licence: 5],
            holdings: [holding(licence, 2, job: 1), holding(licence, 1, job: 2)]
        )
        let uses = book.uses(wishes: [wish(licence, job: 3), wish(licence, job: 4)])
        #expect(uses.map(\.taken) == [3])
        #expect(uses.map(\.capacity) == [5])
        #expect(uses[0].waiting == [JobID(3), JobID(4)])
        let whole = LockBook(capacities: [licence: 5], holdings: [holding(licence, nil, job: 1)])
        #expect(whole.uses(wishes: []).map(\.taken) == [5])
    }

    @Test func `each worker and each repository has its own`() {
        let book = LockBook(holdings: [
            holding(port, nil, job: 1, worker: "w1"), holding(port, nil, job: 2, worker: "w2"),
            holding(staging, nil, job: 3, repository: 1),
            holding(staging, nil, job: 4, repository: 2),
        ])
        let uses = book.uses(wishes: [wish(port, job: 5), wish(staging, job: 6, repository: 2)])
        #expect(uses.map(\.worker) == ["w1", "w2", nil, nil])
        #expect(uses.map(\.repository?.rawValue) == [nil, nil, 1, 2])
        #expect(uses.map(\.waiting) == [[JobID(5)], [JobID(5)], [], [JobID(6)]])
    }

    @Test func `a lock that is only waited for is shown too`() {
        let uses = LockBook(capacities: [licence: 0]).uses(wishes: [wish(licence, job: 9)])
        #expect(uses.map(\.capacity) == [0])
        #expect(uses.map(\.taken) == [0])
        #expect(uses.map(\.waiting) == [[JobID(9)]])
    }
}
