import Core
import Foundation
import Site
import Storage

extension Views {
    /// The log of a step; nil lets the page choose the one a reader wants first.
    func log(of id: JobID, step wanted: Int?, from: Int?) async throws -> LogPage {
        let found = try await database.read { tx -> (Job, Build, [WorkerRow])? in
            guard let job = try tx.job(id), let build = try tx.build(job.build) else { return nil }
            return (job, build, try tx.workers())
        }
        guard let (job, build, workers) = found else { throw RequestProblem.notFound("job \(id)") }
        let step = wanted ?? interestingStep(of: job)
        var page = LogPage(
            build: BuildLink(build),
            sha: build.sha,
            message: build.message,
            job: try await self.job(job, of: build, workers),
            step: step,
            way: try await way(of: build.id),
            buildStanding: Standing(build.state, build.result)
        )
        guard job.steps.contains(where: { $0.index == step }) else {
            if wanted == nil { return page }
            throw RequestProblem.notFound("step \(step) in job \(id)")
        }
        guard job.attempt > 0, job.steps[step].state != .waiting else { return page }
        let place = try await logs.place(job: id, step: step)
        (page.lines, page.slices) = try slices(of: place, from: from)
        return page
    }

    /// The first red step, else the running one, else the last that wrote something.
    private func interestingStep(of job: Job) -> Int {
        let red = job.steps.first { $0.result == .failure || $0.result == .exception }
        let running = job.steps.first { $0.state == .running }
        let last = job.steps.last { $0.state == .finished && $0.logLength > 0 && $0.index > 0 }
        return (red ?? running ?? last)?.index ?? job.steps.first?.index ?? 0
    }

    private func slices(of place: LogPlace, from: Int?) throws -> (Int, [LogSlice]) {
        guard
            let log = try? logs.logs.log(of: place.build, attempt: place.attempt, step: place.step)
        else { return (0, []) }
        let index = logs.lines.index(of: place)
        let lines = try index.lines(of: log)
        let slices = try LogWindow.ranges(of: lines, from: from).map { range in
            try slice(range, of: log, index)
        }
        return (lines, slices)
    }

    private func slice(_ range: Range<Int>, of log: StepLog, _ index: LineIndex) throws -> LogSlice
    {
        let start = try index.offset(ofLine: range.lowerBound, in: log)
        let end = try index.offset(ofLine: range.upperBound, in: log)
        let whole = max(0, max(end, start) - start)
        let count = min(whole, LogWindow.sliceBytesMax)
        return LogSlice(
            firstLine: range.lowerBound,
            offset: start,
            bytes: try log.read(from: start, count: count),
            omitted: whole - count
        )
    }

    /// The last lines of a log.
    func window(of place: LogPlace, lastLines count: Int) throws -> (slice: LogSlice, lines: Int) {
        guard
            let log = try? logs.logs.log(of: place.build, attempt: place.attempt, step: place.step)
        else { return (LogSlice(firstLine: 1, offset: 0, bytes: []), 0) }
        let index = logs.lines.index(of: place)
        let lines = try index.lines(of: log)
        let first = max(1, lines - count + 1)
        return (try slice(first..<(lines + 1), of: log, index), lines)
    }
}
