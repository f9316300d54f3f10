import ArgumentParser
import Foundation
import Wire

struct SecretListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the secrets, but not what they are.",
        discussion: "All of them, or with --repository those of one repository alone."
    )

    @OptionGroup var place: SecretPlace
    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(try place.path())
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<SecretMessage> = try Connection.decode(answer)
        var table = Table("NAME", "FOR", "SET", "BY", "LAST USED")
        let now = Date()
        for secret in page.items {
            let use = secret.lastUsedAt.map { used in
                let build = secret.lastUsedBuild.map { ", build \($0)" } ?? ""
                return Spoken.age(used, now: now) + build
            }
            table.add(
                Tinted(secret.name, .bold),
                Tinted(secret.spokenTerms),
                Tinted(Spoken.age(secret.setAt, now: now), .dim),
                Tinted(secret.setBy),
                Tinted(use ?? "never", .dim)
            )
        }
        Output.standard.table(table, orSay: "no secrets")
    }
}
