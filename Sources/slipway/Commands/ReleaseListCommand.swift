import ArgumentParser
import Foundation
import Wire

struct ReleaseListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the releases of a unit, newest first."
    )

    @Argument(help: "The unit.")
    var unit: String

    @Option(help: "How many.")
    var limit = 20

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(
            try APIPath("cs/v1/releases", unit).with("limit", "\(limit)")
        )
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<ReleaseMessage> = try Connection.decode(answer)
        var table = Table("VERSION", "CHANNELS", "FILES", "SIZE", "BUILD", "COMMIT", "AGE", "")
        let now = Date()
        for release in page.items {
            table.add(
                Tinted(release.version, .bold),
                Tinted(release.channels.joined(separator: ","), .green),
                Tinted("\(release.files)"),
                Tinted(Spoken.size(release.bytes)),
                Tinted(release.build.map(String.init) ?? ""),
                Tinted(Spoken.short(release.commit ?? ""), .dim),
                Tinted(Spoken.age(release.createdAt, now: now), .dim),
                Tinted(release.rejected.map { "rejected: \($0)" } ?? "", .red)
            )
        }
        Output.standard.table(table, orSay: "no releases")
    }
}
