import Core
import GRDB

/// Who holds which lock, and how much there is of it.
extension SQLiteTransaction {
    /// What the dispatcher needs to know of locks; nothing, where none of the lanes wants any.
    func lockBook(for lanes: [LaneRow]) throws -> LockBook {
        lanes.contains { !$0.locks.isEmpty } ? try lockBook() : LockBook()
    }

    func lockBook() throws -> LockBook {
        var book = LockBook()
        for row in try lockCapacities() {
            if let worker = row.worker {
                book.workerCapacities[worker, default: [:]][row.lock.name] = row.capacity
            } else {
                book.capacities[row.lock] = row.capacity
            }
        }
        book.holdings = try holdings()
        return book
    }

    /// Of running jobs: a lock is held by nothing else, so nothing can be left held.
    private func holdings() throws -> [LockBook.Holding] {
        try db.all(
            """
            SELECT j.locks, j.repository, a.worker, j.id, r.name, b.number, j.name
            FROM job j INDEXED BY jobLocked JOIN attempt a ON a.job = j.id AND a.number = j.attempts
            JOIN build b ON b.id = j.build JOIN repository r ON r.id = b.repository
            WHERE j.state = 'running' AND j.locks <> '[]' ORDER BY j.id
            """
        ) { row in
            try Text.demands(in: row[0]).map { demand in
                LockBook.Holding(
                    demand,
                    repository: RepositoryID(row[1]),
                    worker: row[2],
                    holder: Self.title(row, at: 3)
                )
            }
        }
        .flatMap(\.self)
    }

    /// Of a job, with the name of its repository and the number of its build.
    private static func title(_ row: Row, at start: Int) -> JobTitle {
        let (repository, number) = (row[start + 1] as String, row[start + 2] as Int)
        return JobTitle(JobID(row[start]), "\(repository) #\(number) (\(row[start + 3] as String))")
    }

    /// With its words, where only its number is known.
    func named(_ title: JobTitle) throws -> JobTitle {
        if title.text != nil { return title }
        return try db.first(
            """
            SELECT j.id, r.name, b.number, j.name
            FROM job j JOIN build b ON b.id = j.build JOIN repository r ON r.id = b.repository
            WHERE j.id = ?
            """,
            [title.job.rawValue]
        ) { Self.title($0, at: 0) } ?? title
    }

    func lockCapacities() throws -> [LockCapacity] {
        try db.all(
            "SELECT name, scope, worker, capacity FROM lockCapacity ORDER BY name, scope, worker"
        ) { row in
            let worker: String = row[2]
            return LockCapacity(
                lock: LockName(row[0], try row.word(1)),
                worker: worker.isEmpty ? nil : worker,
                capacity: row[3]
            )
        }
    }

    func setCapacity(_ setting: LockCapacity) throws {
        let known = try db.first(
            "SELECT count(*) FROM lockCapacity"
        ) { $0[0] as Int }
        guard (known ?? 0) < Self.listMax else {
            throw StorageError(
                .conflict,
                "There are \(Self.listMax) settings of locks already: forget some of them first."
            )
        }
        try db.run(
            """
            INSERT INTO lockCapacity (name, scope, worker, capacity) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET capacity = excluded.capacity
            """,
            [
                setting.lock.name, setting.lock.scope.rawValue, setting.worker ?? "",
                setting.capacity,
            ]
        )
    }

    func forgetCapacity(of lock: LockName, on worker: String?) throws -> Bool {
        try db.change(
            "DELETE FROM lockCapacity WHERE name = ? AND scope = ? AND worker = ?",
            [lock.name, lock.scope.rawValue, worker ?? ""]
        ) == 1
    }
}

/// A demand as the column `job.locks` holds it; equal demands are equal text.
private struct StoredDemand: Codable {
    var name: String
    var scope: String
    var units: Int?
}

extension Text {
    static func of(_ demands: [LockDemand]) throws -> String {
        if demands.isEmpty { return "[]" }
        return try of(
            demands.map {
                StoredDemand(name: $0.lock.name, scope: $0.lock.scope.rawValue, units: $0.units)
            }
        )
    }

    static func demands(in text: String) throws -> [LockDemand] {
        if text == "[]" { return [] }
        return try value([StoredDemand].self, in: text).map { stored in
            guard let scope = LockName.Scope(rawValue: stored.scope) else {
                throw StorageError(.corrupt, "A job asks for a lock of no known scope.")
            }
            return LockDemand(LockName(stored.name, scope), units: stored.units)
        }
    }
}
