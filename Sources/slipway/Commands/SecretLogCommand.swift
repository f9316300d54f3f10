import ArgumentParser
import Foundation
import Wire

struct SecretLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Shows who set and removed secrets, and which jobs got them or did not."
    )

    @Option(help: "How many, newest first.")
    var limit = 50

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...1_000).contains(limit) else {
            throw ValidationError("--limit is a number from 1 to 1000.")
        }
    }

    func run() async throws {
        let path = try APIPath("api/v1/secret-deeds").with("limit", "\(limit)")
        let answer = try await server.connect().get(path)
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<SecretDeedMessage> = try Connection.decode(answer)
        var table = Table("WHEN", "WHAT", "SECRET", "OF", "WHO", "BUILD", "JOB", "")
        let now = Date()
        for deed in page.items {
            table.add(
                Tinted(Spoken.age(deed.doneAt, now: now), .dim),
                Tinted(deed.kind, deed.kind == "refused" ? .red : nil),
                Tinted(deed.name ?? "all", .bold),
                Tinted(deed.repository ?? ""),
                Tinted(deed.actor),
                Tinted(deed.build.map { "\($0)" } ?? ""),
                Tinted(deed.job.map { "\($0)" } ?? ""),
                Tinted(deed.detail ?? "")
            )
        }
        Output.standard.table(table, orSay: "nothing was done with secrets")
    }
}
