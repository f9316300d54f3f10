import ArgumentParser
import Wire

struct BuildBeginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "begin",
        abstract: "Lets a build begin that waits for a time.",
        discussion: """
            Ends what --at, --in and `quiet` asked for. A build that waits for a place in its \
            group, or for an approval, is refused: the one keeps two builds apart, the other has \
            its own command.

              slipway build begin 41

            Its reason then says who began it.
            """
    )

    @Argument(help: "The build's id.")
    var build: Int64

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().post(
            try APIPath("api/v1/builds", String(build), "beginning")
        )
        if json.isJSON { return Output.standard.json(answer) }
        let build: BuildMessage = try Connection.decode(answer)
        Output.standard.line("\(printable(build.repository)) #\(build.number) waits no longer")
    }
}
