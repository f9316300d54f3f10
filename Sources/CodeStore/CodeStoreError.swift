package import Core
import GRDB

/// Why the code store did not do what it was asked.
package enum CodeStoreError: Error, Equatable {
    /// Something does not exist; the text says what, and what does.
    case notFound(String)
    /// Something asked for can never work as it is; the text says why.
    case invalid(String)
    /// Bytes did not have the digest they were announced with.
    case digestMismatch(announced: ContentDigest, actual: ContentDigest)
    /// Blobs the release needs are not in the store.
    case missingBlobs([ContentDigest])
    /// The version belongs to another release of the unit.
    case versionTaken(unit: String, version: String, digest: ContentDigest)
    /// The idempotency key was used for something else.
    case keyReused(String)
    /// The channel moved since the caller looked.
    case stale(unit: String, channel: String, rev: Int64)
    /// The channel's policy is not met; never empty.
    case refused(unit: String, channel: String, unmet: [UnmetCondition])
    /// No space is left for the store.
    case full
    /// The database file is damaged.
    case corrupt(String)
    /// Another process held the database for too long.
    case busy
    /// The database failed in another way.
    case failed(String)
}

extension CodeStoreError: CustomStringConvertible {
    /// What happened, and what to do next.
    package var description: String {
        switch self {
        case .notFound(let text), .invalid(let text): text
        case .digestMismatch(let announced, let actual):
            "the bytes have the digest \(actual), not \(announced) as announced; send them again"
        case .missingBlobs(let digests):
            "\(digests.count) blobs are not in the store, \(digests.first?.description ?? "")"
                + " among them; upload them, then publish again"
        case .versionTaken(let unit, let version, let digest):
            "\(unit) \(version) is already published with other content (\(digest)); a release"
                + " never changes, so publish under a new version"
        case .keyReused(let key):
            "the idempotency key \(ReleaseProblem.quoted(key)) was used for something else"
        case .stale(let unit, let channel, let rev):
            "\(unit)/\(channel) moved meanwhile and is at r\(rev); look again, then decide"
        case .refused(let unit, let channel, let unmet):
            "\(unit)/\(channel) cannot take the release: "
                + unmet.map { "\($0.problem) (\($0.remedy))" }.joined(separator: "; ")
        case .full:
            "no space is left for the code store; free some on its disk, or raise its limit"
        case .corrupt(let detail):
            "the code store's database is damaged (\(detail)); stop Slipway and restore"
                + " store.db from a backup"
        case .busy:
            "another process holds the code store's database; try again"
        case .failed(let detail): "the code store's database failed: \(detail)"
        }
    }
}

extension CodeStoreError {
    /// Whatever was thrown inside the store, as an error of the store.
    ///
    /// A cancelled read stays a cancellation.
    static func translating(_ error: any Error) -> any Error {
        switch error {
        case is CodeStoreError, is CancellationError: error
        case let problem as ReleaseProblem: CodeStoreError.invalid(problem.message)
        case let error as DatabaseError: translating(database: error)
        case _: CodeStoreError.failed("\(error)")
        }
    }

    private static func translating(database error: DatabaseError) -> CodeStoreError {
        let text = error.message ?? "\(error.extendedResultCode)"
        return switch error.resultCode {
        case .SQLITE_FULL: .full
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt(text)
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case _: .failed(text)
        }
    }
}
