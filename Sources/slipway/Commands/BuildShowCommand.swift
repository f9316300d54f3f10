import ArgumentParser
import Core
import Foundation
import Wire

struct BuildShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a build with its jobs and steps."
    )

    @Argument(help: "The build's id.")
    var id: Int64

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let connection = try server.connect()
        let answer = try await connection.get(try APIPath("api/v1/builds", "\(id)"))
        if json.isJSON { return Output.standard.json(answer) }
        let build: BuildMessage = try Connection.decode(answer)
        let now = Date()
        showHead(build, now: now)
        for problem in build.problems ?? [] {
            Output.standard.line(printable(problem.description))
        }
        guard let jobs = build.jobs, !jobs.isEmpty else { return }
        Output.standard.line("")
        Output.standard.table(table(jobs, now: now))
    }

    private func showHead(_ build: BuildMessage, now: Date) {
        var head: [[Tinted]] = [
            [
                Tinted("build \(build.id)", .bold),
                Tinted("\(build.repository) #\(build.number) \(build.pipeline):"),
                build.state.word(build.result),
            ],
            [
                Tinted("  commit ", .dim), Tinted(build.sha, .dim), Tinted(Ref.short(build.ref)),
                Tinted(Spoken.subject(build.message)), Tinted("by \(build.author)", .dim),
            ],
            [
                Tinted("  because", .dim), Tinted(build.reason),
                Tinted(Spoken.age(build.createdAt, now: now), .dim),
            ],
        ]
        if let by = build.cancelledBy {
            head.append([Tinted("  cancelled by", .dim), Tinted(by)])
        }
        if let first = build.retryOf {
            head.append([Tinted("  retries build", .dim), Tinted("\(first)")])
        }
        if let priority = build.priority {
            head.append([Tinted("  priority", .dim), Tinted("\(priority)")])
        }
        for hold in build.holds ?? [] {
            head.append([Tinted("  held back:", .dim), Tinted(hold.reason)])
        }
        for commit in build.covers ?? [] {
            head.append([
                Tinted("  covers", .dim), Tinted(Spoken.short(commit.sha), .dim),
                Tinted(commit.subject), Tinted("by \(commit.author)", .dim),
            ])
        }
        if let newer = build.coveredBy {
            head.append([Tinted("  covered by build", .dim), Tinted("\(newer)")])
        }
        if let upstream = build.upstream {
            head.append([Tinted("  after build", .dim), Tinted("\(upstream)")])
        }
        for line in head { Output.standard.line(line) }
    }

    private func table(_ jobs: [JobMessage], now: Date) -> Table {
        var table = Table("JOB", "NAME", "RESULT", "WORKER", "TIME", "REMARK")
        for job in jobs {
            let attempt = job.attempt > 1 ? "attempt \(job.attempt)" : nil
            table.add(
                Tinted("\(job.id)", .bold),
                Tinted(job.name, .bold),
                job.state.word(job.result),
                Tinted(job.worker ?? ""),
                Tinted(Spoken.span(from: job.startedAt, to: job.finishedAt, now: now)),
                Tinted(
                    [job.waitingReason, job.reason, attempt].compactMap(\.self).joined(
                        separator: ", "
                    )
                )
            )
            for step in job.steps {
                table.add(
                    Tinted(""),
                    Tinted("  \(step.index) \(step.name)"),
                    step.state.word(step.result),
                    Tinted(""),
                    Tinted(Spoken.span(from: step.startedAt, to: step.finishedAt, now: now)),
                    Tinted(step.remark)
                )
            }
        }
        return table
    }
}
