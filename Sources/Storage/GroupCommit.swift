import Core
import GRDB
import Synchronization

/// Runs the closures of many callers in few transactions: one `fsync` answers a whole group.
///
/// Nobody waits for company: the first closure starts at once, and those that arrive while it
/// is committed are the next group.
final class GroupCommit: Sendable {
    /// Closures of one transaction, so that the first of them does not wait long for the last.
    private static let groupMax = 256
    /// Closures that wait; a caller beyond it is told to come back.
    private static let waitingMax = 8_192

    private struct State {
        var waiting: [PendingWrite] = []
        /// Whether a block on the writer's queue is taking groups.
        var isDraining = false
        var isClosed = false
    }

    private enum Admission {
        case first
        case joined
        case refused(StorageError)
    }

    private let state = Mutex(State())
    private let pool: DatabasePool
    private let specs: SpecCache
    private let ripples: Ripples
    private let checkpointer: Checkpointer

    init(pool: DatabasePool, specs: SpecCache, ripples: Ripples) {
        self.pool = pool
        self.specs = specs
        self.ripples = ripples
        checkpointer = Checkpointer(path: pool.path)
    }

    func add(_ write: PendingWrite) {
        switch admit(write) {
        case .first: pool.asyncWriteWithoutTransaction { db in self.drain(db) }
        case .joined: break
        case .refused(let error): write.fail(error)
        }
    }

    /// Lets nobody in any more, while who is in will be answered.
    ///
    /// - Returns: False when it was closed already.
    func close() -> Bool {
        state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
    }

    private func admit(_ write: PendingWrite) -> Admission {
        state.withLock { state in
            if state.isClosed {
                return .refused(StorageError(.other, "The control database is closed."))
            }
            if state.waiting.count >= Self.waitingMax {
                let message = "\(Self.waitingMax) writes wait for the disk: try again shortly."
                return .refused(StorageError(.busy, message))
            }
            state.waiting.append(write)
            if state.isDraining { return .joined }
            state.isDraining = true
            return .first
        }
    }

    private func drain(_ db: Database) {
        while let group = nextGroup() {
            commit(group, on: db)
            checkpointer.tick(db)
        }
    }

    private func nextGroup() -> [PendingWrite]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isDraining = false
                return nil
            }
            let group = Array(state.waiting.prefix(Self.groupMax))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    private func commit(_ group: [PendingWrite], on db: Database) {
        do {
            try db.run("BEGIN IMMEDIATE")
        } catch {
            for write in group { write.fail(StorageError.translating(error)) }
            return
        }
        do {
            let answers = try group.map { try run($0, on: db) }
            try db.run("COMMIT")
            for answer in answers { answer() }
        } catch {
            // It may have ended by itself; an error that undoes nothing is none.
            if db.isInsideTransaction { try? db.rollback() }
            guard group.count > 1 else {
                for write in group { write.fail(StorageError.translating(error)) }
                return
            }
            for write in group { commit([write], on: db) }
        }
    }

    /// Throws only when the transaction as a whole is lost.
    private func run(_ write: PendingWrite, on db: Database) throws -> PendingWrite.Answer {
        try db.run("SAVEPOINT caller")
        do {
            let answer = try write.run(
                SQLiteTransaction(db: db, specs: specs, ripples: ripples)
            )
            try db.run("RELEASE caller")
            return answer
        } catch {
            guard db.isInsideTransaction else { throw error }
            try db.run("ROLLBACK TO caller")
            try db.run("RELEASE caller")
            let refusal = StorageError.translating(error)
            return { write.fail(refusal) }
        }
    }
}
