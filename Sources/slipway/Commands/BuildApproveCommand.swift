import ArgumentParser
import Wire

struct BuildApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Lets the build of an outsider's pull request run.",
        discussion: """
            Look at what it changes first, its pipelines above all: it runs on your workers. \
            Whoever opened the pull request is trusted in this repository from then on, and their \
            next builds do not wait; with --once only this build is let through:

              slipway build approve 41
              slipway build approve 41 --once

            'slipway queue' shows what waits. To turn one down, cancel it.
            """
    )

    @Argument(help: "The build's id.")
    var build: Int64

    @Flag(help: "Trust nobody: the next build of the same person waits again.")
    var once = false

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().post(
            try APIPath("api/v1/builds", String(build), "approval"),
            ApprovalMessage(once: once ? true : nil)
        )
        if json.isJSON { return Output.standard.json(answer) }
        let build: BuildMessage = try Connection.decode(answer)
        Output.standard.line("\(printable(build.repository)) #\(build.number) may run")
    }
}
