import ArgumentParser
import Foundation
import Wire

struct ReleaseShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a release."
    )

    @Argument(help: "The unit.")
    var unit: String

    @Argument(help: "The version.")
    var version: String

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(
            try APIPath("cs/v1/releases", unit, version)
        )
        if json.isJSON { return Output.standard.json(answer) }
        let release: ReleaseMessage = try Connection.decode(answer)
        let rows: [(String, String?)] = [
            ("unit", release.unit),
            ("version", release.version),
            ("digest", release.digest),
            ("content", "\(release.files) files, \(Spoken.size(release.bytes))"),
            ("channels", release.channels.isEmpty ? nil : release.channels.joined(separator: ", ")),
            ("build", release.build.map(String.init)),
            ("repository", release.repository),
            ("commit", release.commit),
            ("made", Spoken.age(release.createdAt, now: Date())),
            ("rejected", release.rejected),
        ]
        for (name, value) in rows {
            guard let value else { continue }
            let heading = name.padding(toLength: 10, withPad: " ", startingAt: 0)
            Output.standard.line([Tinted(heading, .dim), Tinted(value)])
        }
        for line in (release.notes ?? "").split(whereSeparator: \.isNewline) {
            Output.standard.line("  \(printable(String(line)))")
        }
    }
}
