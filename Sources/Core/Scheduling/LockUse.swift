/// What is taken of a lock at one place, by whom, and who waits for it.
package struct LockUse: Equatable, Sendable {
    package var lock: LockName
    /// Whose own it is, of a worker's lock; nil while nobody holds it.
    package var worker: String?
    /// Whose own it is, of a channel's lock.
    package var repository: RepositoryID?
    package var capacity: Int
    package var taken: Int = 0
    package var holdings: [LockBook.Holding] = []
    /// In the order they were given.
    package var waiting: [JobID] = []
}

/// A waiting job that will take a lock.
package struct LockWish: Equatable, Sendable {
    package var job: JobID
    package var repository: RepositoryID
    package var lock: LockName

    package init(job: JobID, repository: RepositoryID, lock: LockName) {
        self.job = job
        self.repository = repository
        self.lock = lock
    }
}

extension LockBook {
    /// Every lock that somebody holds or waits for, by name and place.
    package func uses(wishes: [LockWish]) -> [LockUse] {
        var uses: [LockUse] = []
        func index(of lock: LockName, _ repository: RepositoryID, on worker: String?) -> Int {
            let use = LockUse(
                lock: lock,
                worker: lock.scope == .worker ? worker : nil,
                repository: lock.scope == .repository ? repository : nil,
                capacity: capacity(of: lock, on: worker)
            )
            if let known = uses.firstIndex(where: { $0.isSamePlace(as: use) }) { return known }
            uses.append(use)
            return uses.count - 1
        }
        for holding in holdings {
            let lock = holding.demand.lock
            let place = index(of: lock, holding.repository, on: holding.worker)
            uses[place].taken += holding.demand.units ?? max(uses[place].capacity, 1)
            uses[place].holdings.append(holding)
        }
        for wish in wishes {
            // Any worker's lock will do, so it waits for each that is held.
            let held = uses.indices.filter {
                uses[$0].lock == wish.lock && wish.lock.scope == .worker
            }
            let places = held.isEmpty ? [index(of: wish.lock, wish.repository, on: nil)] : held
            for place in places { uses[place].waiting.append(wish.job) }
        }
        return uses.sorted { $0.order < $1.order }
    }
}

extension LockUse {
    fileprivate func isSamePlace(as other: LockUse) -> Bool {
        lock == other.lock && worker == other.worker && repository == other.repository
    }

    fileprivate var order: (String, String, Int64, String) {
        (lock.name, lock.scope.rawValue, repository?.rawValue ?? 0, worker ?? "")
    }
}
