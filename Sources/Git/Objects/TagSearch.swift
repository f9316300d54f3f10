/// Git's own search for the nearest tag, step by step, so that both give the same answer.
///
/// Commits are visited newest first. The first tags met become candidates; each remembers with
/// one bit which commits it reaches, and counts those it does not.
struct TagSearch {
    struct Tag {
        var name: [UInt8]
        var isAnnotated: Bool
        /// When it was made, where it is annotated.
        var seconds: Int64

        /// Of two tags on one commit Git takes the annotated one, then the younger.
        func isBetter(than other: Tag) -> Bool {
            guard isAnnotated == other.isAnnotated else { return isAnnotated }
            return isAnnotated && seconds > other.seconds
        }
    }

    private struct Candidate {
        var tag: Tag
        var distance: Int
        var bit: UInt16
    }

    private static let candidateCountMax = 10

    private let tags: [ObjectID: Tag]
    private let commitCountMax: Int
    private var queue: [(id: ObjectID, seconds: Int64, parents: [ObjectID])] = []
    private var reached: [ObjectID: UInt16] = [:]
    private var candidates: [Candidate] = []
    private var seenCount = 0

    init(tags: [ObjectID: Tag], commitCountMax: Int) {
        self.tags = tags
        self.commitCountMax = commitCountMax
    }

    mutating func nearest(
        to id: ObjectID,
        in repository: borrowing GitRepository
    ) throws(GitError) -> (Tag, Int)? {
        if let tag = tags[id] { return (tag, 0) }
        try enqueue(id, reaching: 0, in: repository)
        while let commit = queue.popLast() {
            seenCount += 1
            guard seenCount <= commitCountMax else { return nil }
            if let tag = tags[commit.id] {
                guard candidates.count < Self.candidateCountMax else {
                    // One more than Git compares: it is only needed to finish the counting.
                    queue.append(commit)
                    seenCount -= 1
                    break
                }
                let bit = UInt16(1) << candidates.count
                candidates.append(Candidate(tag: tag, distance: seenCount - 1, bit: bit))
                reached[commit.id, default: 0] |= bit
            }
            let bits = reached[commit.id] ?? 0
            for index in candidates.indices where bits & candidates[index].bit == 0 {
                candidates[index].distance += 1
            }
            // All that is left lies behind this commit, so no distance can shrink any more.
            if queue.isEmpty, reachesBest(bits) { break }
            for parent in commit.parents { try enqueue(parent, reaching: bits, in: repository) }
        }
        guard var best = candidates.enumerated().min(by: Self.isNearer)?.element else { return nil }
        try finish(&best, in: repository)
        return (best.tag, best.distance)
    }

    /// Counts the rest of the commits that the best tag does not reach.
    private mutating func finish(
        _ best: inout Candidate,
        in repository: borrowing GitRepository
    ) throws(GitError) {
        while let commit = queue.popLast() {
            seenCount += 1
            guard seenCount <= commitCountMax else { return }
            let bits = reached[commit.id] ?? 0
            if bits & best.bit == 0 {
                best.distance += 1
            } else if queue.allSatisfy({ reached[$0.id, default: 0] & best.bit != 0 }) {
                return
            }
            for parent in commit.parents { try enqueue(parent, reaching: bits, in: repository) }
        }
    }

    /// Adds a commit to those to visit, the newest last; among equals the first come goes first.
    private mutating func enqueue(
        _ id: ObjectID,
        reaching bits: UInt16,
        in repository: borrowing GitRepository
    ) throws(GitError) {
        if let known = reached[id] {
            reached[id] = known | bits
            return
        }
        reached[id] = bits
        let commit = try repository.commit(id)
        let seconds = commit.committer.seconds
        var low = 0
        var high = queue.count
        while low < high {
            let middle = (low + high) / 2
            if queue[middle].seconds < seconds { low = middle + 1 } else { high = middle }
        }
        queue.insert((id, seconds, repository.parents(of: commit, id)), at: low)
    }

    private func reachesBest(_ bits: UInt16) -> Bool {
        guard let best = candidates.map(\.distance).min() else { return false }
        return candidates.allSatisfy { $0.distance > best || bits & $0.bit != 0 }
    }

    private static func isNearer(
        _ one: (offset: Int, element: Candidate),
        _ other: (offset: Int, element: Candidate)
    ) -> Bool {
        (one.element.distance, one.offset) < (other.element.distance, other.offset)
    }
}
