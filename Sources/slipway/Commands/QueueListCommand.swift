import ArgumentParser
import Foundation
import Wire

struct QueueListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the jobs that wait, and why."
    )

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(try APIPath("api/v1/queue"))
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<QueueEntryMessage> = try Connection.decode(answer)
        var table = Table(
            "JOB",
            "NAME",
            "BUILD",
            "REPOSITORY",
            "LABELS",
            "PRIORITY",
            "SINCE",
            "WAITS BECAUSE"
        )
        let now = Date()
        for entry in page.items {
            table.add(
                Tinted("\(entry.job)", .bold),
                Tinted(entry.name),
                Tinted("\(entry.build)"),
                Tinted("\(entry.repository) #\(entry.number)"),
                Tinted(entry.labels.joined(separator: ",")),
                Tinted(entry.priority.map { "\($0)" } ?? ""),
                Tinted(Spoken.age(entry.since, now: now), .dim),
                Tinted(entry.waitingReason)
            )
        }
        Output.standard.table(table, orSay: "nothing waits")
    }
}
