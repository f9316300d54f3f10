import ArgumentParser
import Core
import Foundation
import Wire

struct BuildListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows builds, newest first.",
        discussion: """
              slipway build list
              slipway build list shop --ref main --result failure
            """
    )

    @Argument(help: "Of one repository only.")
    var repository: String?

    @Option(help: "Of one branch or tag only.")
    var ref: String?

    @Option(help: "Of one pipeline only.")
    var pipeline: String?

    @Option(help: "waiting, running or finished.")
    var state: String?

    @Option(help: "success, warnings, failure, skipped, exception, retry or cancelled.")
    var result: String?

    @Option(help: "How many.")
    var limit = 20

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if let state, Core.Progress(rawValue: state) == nil {
            throw ValidationError("No state is called '\(state)'.")
        }
        if let result, BuildResult(rawValue: result) == nil {
            throw ValidationError("No result is called '\(result)'.")
        }
    }

    func run() async throws {
        let path =
            try repository.map { try APIPath("api/v1/repositories", $0, "builds") }
            ?? APIPath("api/v1/builds")
        let answer = try await server.connect().get(
            path.with("ref", ref).with("pipeline", pipeline).with("state", state)
                .with("result", result).with("limit", "\(limit)")
        )
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<BuildMessage> = try Connection.decode(answer)
        Output.standard.table(table(page.items, now: Date()), orSay: "no builds")
    }

    private func table(_ builds: [BuildMessage], now: Date) -> Table {
        var table = Table(
            "ID",
            "RESULT",
            "REPOSITORY",
            "PIPELINE",
            "REF",
            "COMMIT",
            "TIME",
            "AGE",
            "MESSAGE"
        )
        for build in builds {
            table.add(
                Tinted("\(build.id)", .bold),
                build.state.word(build.result),
                Tinted("\(build.repository) #\(build.number)"),
                Tinted(build.pipeline),
                Tinted(Ref.short(build.ref)),
                Tinted(Spoken.short(build.sha), .dim),
                Tinted(Spoken.span(from: build.startedAt, to: build.finishedAt, now: now)),
                Tinted(Spoken.age(build.createdAt, now: now), .dim),
                Tinted(String(Spoken.subject(build.message).prefix(60)))
            )
        }
        return table
    }
}
