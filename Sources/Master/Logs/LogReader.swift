import Core
import Foundation
import HTTPTypes
import Storage

/// A step's log, found.
struct LogPlace: Sendable {
    var build: BuildID
    var job: JobID
    var attempt: AttemptID
    var step: Int
}

/// What a follower of a log gets.
enum LogPiece: Sendable {
    case bytes([UInt8], offset: Int)
    /// Nothing came for a while; the reader may be told that the line is alive.
    case quiet
    /// The step has ended and everything was told.
    case end
}

/// Reads logs, whole or while they grow.
struct LogReader: Sendable {
    let database: ControlDatabase
    let logs: LogStore
    let lines: LineIndexes

    /// Between two signs of life on a quiet log.
    private static let quiet = Duration.seconds(15)

    /// Finds the log of a step of the job's newest attempt.
    func place(job id: JobID, step: Int) async throws -> LogPlace {
        let found = try await database.read { tx -> (Job, AttemptID?)? in
            guard let job = try tx.job(id) else { return nil }
            return (job, try tx.attempt(withLogOf: step, of: id))
        }
        guard let (job, attempt) = found else { throw RequestProblem.notFound("job \(id)") }
        guard let attempt else {
            throw RequestProblem(.notFound, "Job \(id) has not begun, so it has no log yet.")
        }
        guard job.steps.contains(where: { $0.index == step }) else {
            throw RequestProblem.notFound("step \(step) in job \(id)")
        }
        return LogPlace(build: job.build, job: id, attempt: attempt, step: step)
    }

    /// The jobs with the lengths that the logs of running steps have now.
    ///
    /// The row of a running step does not know how long its log is; the file does.
    func withLiveLengths(_ jobs: [Job]) async throws -> [Job] {
        var jobs = jobs
        for index in jobs.indices where jobs[index].state == .running {
            let job = jobs[index]
            guard let attempt = try await database.read({ try $0.newestAttempt(of: job.id) })
            else { continue }
            for step in job.steps.indices where job.steps[step].state == .running {
                jobs[index].steps[step].logLength = logs.length(
                    of: job.build,
                    attempt: attempt,
                    step: job.steps[step].index
                )
            }
        }
        return jobs
    }

    /// Bytes so far.
    func length(of place: LogPlace) -> Int {
        logs.length(of: place.build, attempt: place.attempt, step: place.step)
    }

    /// Up to `count` bytes; empty at the end, and of a log that has no byte yet.
    func read(_ place: LogPlace, from offset: Int, count: Int) throws -> [UInt8] {
        do {
            let log = try logs.log(of: place.build, attempt: place.attempt, step: place.step)
            return try log.read(from: offset, count: count)
        } catch LogError.noSuchLog {
            return []
        }
    }

    /// Everything from an offset on, until the step has ended.
    func follow(
        _ place: LogPlace,
        from offset: Int,
        telling listener: (LogPiece) async throws -> Void
    ) async throws {
        var next = offset
        var hasEnded = false
        while true {
            let bytes = try read(place, from: next, count: 64 << 10)
            if !bytes.isEmpty {
                try await listener(.bytes(bytes, offset: next))
                next += bytes.count
                continue
            }
            if hasEnded { return try await listener(.end) }
            // Opened for writing, so that there is something to wait on before the first byte.
            let log = try logs.open(place.build, attempt: place.attempt, step: place.step)
            let signal = log.follow()
            if try await hasStepEnded(place) {
                hasEnded = true
                continue
            }
            if log.length > next { continue }
            if await !wait(for: signal) { try await listener(.quiet) }
        }
    }

    /// Waits for a growth or the end; false when nothing came for a while.
    private func wait(for signal: AsyncStream<Void>) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                // The first wake-up only says that the line is open.
                for await _ in signal.dropFirst() { return true }
                return true
            }
            group.addTask { (try? await Task.sleep(for: Self.quiet)) == nil }
            let isAwake = await group.next() ?? true
            group.cancelAll()
            return isAwake
        }
    }

    private func hasStepEnded(_ place: LogPlace) async throws -> Bool {
        let job = try await database.read { try $0.job(place.job) }
        guard let job else { return true }
        return job.state == .finished
            || job.steps.first { $0.index == place.step }?.state == .finished
    }
}
