import Core
import Foundation
import Glibc
import Synchronization

/// The logs of all steps: files below one folder, open while they are used.
///
/// `logs/BUILD/ATTEMPT-STEP.log`. Logs are not rows: the database holds their length and digest
/// once a step has ended.
final class LogStore: Sendable {
    /// Bytes of one step's log: as much as a worker lets a step write, and a line that says so.
    static let bytesMax = (1 << 30) + 4_096

    private struct Key: Hashable {
        var attempt: AttemptID
        var step: Int
    }

    private struct OpenLog {
        weak var log: StepLog?
        /// Keeps a log that is being written open between two requests.
        var held: StepLog?
    }

    private let folder: String
    private let logs = Mutex<[Key: OpenLog]>([:])

    init(folder: String) {
        self.folder = folder
    }

    private func path(_ build: BuildID, _ key: Key) -> String {
        "\(folder)/\(build)/\(key.attempt)-\(key.step).log"
    }

    /// Writes a piece of a running step's log.
    func append(
        _ bytes: some ContiguousBytes & Sendable,
        at offset: Int,
        of build: BuildID,
        attempt: AttemptID,
        step: Int
    ) throws(LogError) -> Int {
        let count = bytes.withUnsafeBytes(\.count)
        guard offset >= 0, offset <= Self.bytesMax - count else {
            throw .tooLong(max: Self.bytesMax)
        }
        return try log(of: build, attempt: attempt, step: step, forWriting: true)
            .append(bytes, at: offset)
    }

    /// The log for reading; throws ``LogError/noSuchLog`` before the first byte.
    func log(
        of build: BuildID,
        attempt: AttemptID,
        step: Int
    ) throws(LogError) -> StepLog {
        try log(of: build, attempt: attempt, step: step, forWriting: false)
    }

    /// The log for following, made when it does not exist.
    func open(
        _ build: BuildID,
        attempt: AttemptID,
        step: Int
    ) throws(LogError) -> StepLog {
        try log(of: build, attempt: attempt, step: step, forWriting: true)
    }

    /// Bytes so far of a log that may not exist.
    func length(of build: BuildID, attempt: AttemptID, step: Int) -> Int {
        let key = Key(attempt: attempt, step: step)
        if let log = logs.withLock({ $0[key]?.log }) { return log.length }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path(build, key))
        return attributes?[.size] as? Int ?? 0
    }

    /// Puts a log on disk and returns length and digest; an unwritten log is empty.
    func seal(
        _ build: BuildID,
        attempt: AttemptID,
        step: Int
    ) throws(LogError) -> (length: Int, digest: String) {
        let log = try log(of: build, attempt: attempt, step: step, forWriting: true)
        return (log.length, try log.seal())
    }

    /// Tells followers that all steps of an attempt have ended, and lets go of the files.
    func end(_ attempt: AttemptID) {
        let ended = logs.withLock { open in
            let ended = open.filter { $0.key.attempt == attempt }
            for key in ended.keys { open[key] = nil }
            return ended.values.compactMap(\.log)
        }
        for log in ended { log.end() }
    }

    /// Tells followers that the step has ended, and lets go of the file.
    func end(_ attempt: AttemptID, step: Int) {
        let key = Key(attempt: attempt, step: step)
        let log = logs.withLock { $0.removeValue(forKey: key)?.log }
        log?.end()
    }

    /// Removes the logs of a build that is gone.
    func remove(_ build: BuildID) {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(build)")
    }

    private func log(
        of build: BuildID,
        attempt: AttemptID,
        step: Int,
        forWriting: Bool
    ) throws(LogError) -> StepLog {
        let key = Key(attempt: attempt, step: step)
        let outcome: Result<StepLog, LogError> = logs.withLock { open in
            if let log = open[key]?.log {
                if forWriting { open[key]?.held = log }
                return .success(log)
            }
            let path = path(build, key)
            if !forWriting, access(path, F_OK) != 0 { return .failure(.noSuchLog) }
            mkdir("\(folder)/\(build)", 0o700)
            do throws(LogError) {
                let log = try StepLog(path: path)
                open[key] = OpenLog(log: log, held: forWriting ? log : nil)
                if open.count > 4_096 { open = open.filter { $0.value.log != nil } }
                return .success(log)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
