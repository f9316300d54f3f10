import ArgumentParser
import Foundation
import Wire

struct RepoAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Watches a repository.",
        discussion: """
            The address is a path on the server, or an https, ssh or file URL:

              slipway repo add shop /srv/git/shop.git
              slipway repo add site https://git.example/site.git --branch trunk
              slipway repo add core https://TOKEN@git.example/core.git

            Over ssh the server uses the keys and known_hosts of the user that runs it. A token in \
            an https URL is kept by the server and shown nowhere. An authority of your own is \
            named to the server in GIT_SSL_CAINFO, as to Git.

            With --pull-requests the refs that GitHub, GitLab, Gitea, Forgejo and Bitbucket Data \
            Center keep of pull requests are looked at as well. They do not say who opened one and \
            into what: it is built as merged into the default branch, and a person must approve it.
            """
    )

    @Argument(help: "A short name: letters, digits, '.', '_' and '-'.")
    var name: String

    @Argument(help: "Where it is.")
    var url: String

    @Option(help: "Its default branch (default: main).")
    var branch: String?

    @Option(
        help: ArgumentHelp("Seconds between looks at it (default: 60).", valueName: "seconds")
    )
    var poll: Int?

    @Flag(
        help: "Look for pull and merge requests too, so that one is built even if no hook tells."
    )
    var pullRequests = false

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let connection = try server.connect()
        let message = NewRepositoryMessage(
            name: name,
            url: Self.absolute(url, isHere: Credentials.isLoopback(connection.server)),
            defaultBranch: branch,
            pollInterval: poll,
            pullRequests: pullRequests ? true : nil
        )
        let answer = try await connection.post(try APIPath("api/v1/repositories"), message)
        if json.isJSON { return Output.standard.json(answer) }
        let repository: RepositoryMessage = try Connection.decode(answer)
        Output.standard.line("\(printable(repository.name)) is watched")
        Output.standard.note("its first build: slipway build start \(repository.name) --wait")
    }

    /// A path that is relative to here means nothing to the server, unless it runs here too.
    static func absolute(_ url: String, isHere: Bool) -> String {
        let isURL = url.contains("://") || url.contains(":")
        guard isHere, !isURL, !url.hasPrefix("/") else { return url }
        return URL(filePath: url).standardizedFileURL.path
    }
}
