import ArgumentParser
import Foundation
import Wire

struct RepoListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the repositories and when they were last read."
    )

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(try APIPath("api/v1/repositories"))
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<RepositoryMessage> = try Connection.decode(answer)
        var table = Table("NAME", "BRANCH", "READ", "URL")
        let now = Date()
        for repository in page.items {
            let read: Tinted
            if let error = repository.fetchError {
                read = Tinted(error, .red)
            } else {
                read = Tinted(repository.fetchedAt.map { Spoken.age($0, now: now) } ?? "never")
            }
            table.add(
                Tinted(repository.name, .bold),
                Tinted(repository.defaultBranch),
                read,
                Tinted(repository.url)
            )
        }
        Output.standard.table(table, orSay: "no repositories: add one with 'slipway repo add'")
    }
}
