import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    /// Adds the jobs that a job has asked for to its build, all or none; gives what is wrong with
    /// them.
    func join(_ additions: [JobAddition], to held: HeldAttempt, at now: Date) throws -> String? {
        guard !additions.isEmpty, let origin = try job(held.attempt.job)?.spec.name,
            let build = try build(held.build)
        else { return nil }
        var present = try jobs(of: held.build).map(\.spec)
        var planned: [PlannedJob] = []
        for addition in additions {
            let made = plan(
                addition.fragment,
                joining: present,
                askedForBy: origin,
                for: addition.request
            )
            switch made {
            case .problems(let problems):
                return problems.map(\.description).joined(separator: "\n")
            case .plan(let plan):
                planned += try plan.jobs.map { try PlannedJob($0) }
                planned += try plan.filtered.map { try PlannedJob($0.spec, skipReason: $0.reason) }
                present += plan.jobs + plan.filtered.map(\.spec)
            }
        }
        for job in planned {
            // What follows from its needs is decided with the end of the job that asked for it.
            let step = job.earlyResult == nil ? JobGraph.Step.wait(JobID(0), on: job.needs) : nil
            try insert(job, into: build, as: step, since: now, at: now)
        }
        return nil
    }
}
