import Synchronization

/// The chunks of blobs that are still being written, which no blob refers to yet.
///
/// They live in memory only: after a crash nobody goes on writing, and what was left is garbage.
final class ChunkClaims: Sendable {
    private let counts = Mutex<[Int64: Int]>([:])

    func contains(_ chunk: Int64) -> Bool {
        counts.withLock { $0[chunk] != nil }
    }

    fileprivate func add(_ chunks: [Int64]) {
        counts.withLock { counts in
            for chunk in chunks { counts[chunk, default: 0] += 1 }
        }
    }

    fileprivate func remove(_ chunks: [Int64]) {
        counts.withLock { counts in
            for chunk in chunks {
                let rest = counts[chunk, default: 1] - 1
                counts[chunk] = rest == 0 ? nil : rest
            }
        }
    }
}

/// The claims of one writer; they end with it.
final class ChunkClaim: Sendable {
    private let claims: ChunkClaims
    private let chunks = Mutex<[Int64]>([])

    init(_ claims: ChunkClaims) {
        self.claims = claims
    }

    /// To be called in the transaction that stores the chunks or finds them.
    func add(_ new: [Int64]) {
        chunks.withLock { $0.append(contentsOf: new) }
        claims.add(new)
    }

    deinit {
        claims.remove(chunks.withLock { $0 })
    }
}
