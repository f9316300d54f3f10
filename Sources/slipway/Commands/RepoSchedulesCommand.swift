import ArgumentParser
import Core
import Foundation
import Wire

struct RepoSchedulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules",
        abstract: "Shows when a repository's pipelines start by themselves.",
        discussion: """
            Those are the `schedule` entries of the pipelines on the default branch, as it was \
            last read. Times are shown in UTC.
            """
    )

    @Argument(help: "The repository's name.")
    var name: String

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let path = try APIPath("api/v1/repositories", name, "schedules")
        let answer = try await server.connect().get(path)
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<ScheduleMessage> = try Connection.decode(answer)
        var table = Table("PIPELINE", "CRON", "ZONE", "NEXT", "LAST", "REMARK")
        for schedule in page.items {
            table.add(
                Tinted(schedule.pipeline, .bold),
                Tinted(schedule.cron),
                Tinted(schedule.timezone),
                Tinted(schedule.next.first.map { "\(CivilMoment($0))" } ?? "never"),
                Tinted(schedule.lastAt.map { "\(CivilMoment($0))" } ?? "never"),
                Tinted(schedule.onlyIfChanged ? "only if changed" : "")
            )
        }
        Output.standard.table(
            table,
            orSay: "no schedules: add one to the 'on' of a pipeline on the default branch"
        )
    }
}
