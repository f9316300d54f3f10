import ArgumentParser
import Foundation
import Wire

struct BuildStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Starts builds of a repository.",
        discussion: """
            Without --ref or --sha it is the default branch; without --pipeline, every pipeline \
            that may be started by hand:

              slipway build start shop --wait
              slipway build start shop --ref release/2 --pipeline nightly
              slipway build start shop --pipeline deploy -i level=full --in 2h
              slipway build start shop --at 2026-12-24T18:00:00Z
              slipway build start shop --priority 100

            Waiting jobs of a higher priority go first; a point is worth a minute of waiting. \
            With --in or --at the builds are made at once, and wait until then.
            """
    )

    @Argument(help: "The repository's name.")
    var repository: String

    @Option(help: "A branch, a tag or a full ref.")
    var ref: String?

    @Option(help: "A commit, in full.")
    var sha: String?

    @Option(help: "The name of one pipeline.")
    var pipeline: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A value for an input that the pipeline declares; may be given several times.",
            valueName: "name=value"
        )
    )
    var input: [NamedValue] = []

    @Option(
        name: .customLong("in"),
        help: ArgumentHelp("Begin so much later: 30s, 10m, 2h, 7d.", valueName: "span")
    )
    var delay: Delay?

    @Option(
        help: ArgumentHelp(
            "Begin at this time, as RFC 3339 writes it: 2026-12-24T18:00:00Z.",
            valueName: "time"
        )
    )
    var at: StartTime?

    @Option(
        help: ArgumentHelp(
            "Where it stands in line, from -1000 to 1000; without it, as the pipeline file says.",
            valueName: "points"
        )
    )
    var priority: Int?

    @Flag(help: "Follow the builds; the exit code says how they ended.")
    var wait = false

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if delay != nil, at != nil { throw ValidationError("--in and --at: give one of them.") }
        if ref != nil, sha != nil { throw ValidationError("--ref and --sha: give one of them.") }
    }

    func run() async throws {
        let connection = try server.connect()
        let answer = try await connection.post(
            try APIPath("api/v1/repositories", repository, "builds"),
            StartBuildMessage(
                ref: ref,
                sha: sha,
                pipeline: pipeline,
                inputs: input.isEmpty ? nil : input.byName,
                notBefore: at?.date ?? delay?.end(from: Date()),
                priority: priority
            )
        )
        try await BuildFollower(connection: connection, isJSON: json.isJSON)
            .tell(answer, wait: wait)
    }
}
