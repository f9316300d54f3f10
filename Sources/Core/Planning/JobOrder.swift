/// Which jobs of a file come before which.
struct JobOrder {
    let names: [String]
    /// By index: the known jobs that it needs, itself excluded.
    private let needs: [[Int]]
    private let places: [String: Int]
    /// Indexes in an order in which every job comes after what it needs; those in circles are
    /// not in it.
    private(set) var sorted: [Int] = []
    /// Each begins with the job that stands first in the file.
    private(set) var circles: [[Int]] = []

    init(_ jobs: [(name: String, needs: [String])]) {
        names = jobs.map(\.name)
        let places = Dictionary(
            jobs.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        self.places = places
        needs = jobs.enumerated().map { index, job in
            job.needs.compactMap { places[$0] }.filter { $0 != index }
        }
        sort()
    }

    func place(of name: String) -> Int? { places[name] }

    /// Takes away job after job that waits for nothing; what stays waits in a circle, or for one.
    private mutating func sort() {
        var dependents = Array(repeating: [Int](), count: names.count)
        var waits = needs.map(\.count)
        for (index, needs) in needs.enumerated() {
            for need in needs { dependents[need].append(index) }
        }
        var isOpen = Array(repeating: true, count: names.count)
        var free = names.indices.filter { waits[$0] == 0 }.reversed() as [Int]
        var hasCircle = false
        for first in names.indices {
            while let index = free.popLast() {
                guard isOpen[index] else { continue }
                isOpen[index] = false
                if !hasCircle { sorted.append(index) }
                for dependent in dependents[index] {
                    waits[dependent] -= 1
                    if waits[dependent] == 0 { free.append(dependent) }
                }
            }
            guard isOpen[first], let circle = circle(from: first, isOpen) else { continue }
            circles.append(circle)
            hasCircle = true
            free = circle
        }
    }

    /// The circle into which the way from a job leads.
    private func circle(from start: Int, _ isOpen: [Bool]) -> [Int]? {
        var steps: [Int: Int] = [:]
        var walked: [Int] = []
        var index = start
        while steps[index] == nil {
            steps[index] = walked.count
            walked.append(index)
            guard let next = needs[index].first(where: { isOpen[$0] }) else { return nil }
            index = next
        }
        let circle = Array(walked[(steps[index] ?? 0)...])
        let split = circle.indices.min { circle[$0] < circle[$1] } ?? 0
        return Array(circle[split...] + circle[..<split])
    }

    /// For each job, every job that has ended before it begins.
    func ancestors() -> [Ancestors] {
        var all = Array(repeating: Ancestors(count: names.count), count: names.count)
        for index in sorted {
            for need in needs[index] {
                all[index].formUnion(all[need])
                all[index].insert(need)
            }
        }
        return all
    }
}

/// A set of jobs, one bit each.
struct Ancestors {
    private var words: [UInt64]

    init(count: Int) {
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    mutating func insert(_ index: Int) { words[index / 64] |= 1 << UInt64(index % 64) }

    func contains(_ index: Int) -> Bool { words[index / 64] & (1 << UInt64(index % 64)) != 0 }

    mutating func formUnion(_ other: Ancestors) {
        for index in words.indices { words[index] |= other.words[index] }
    }
}
