import ArgumentParser
import Core
import Foundation
import Glibc
import Wire

struct SecretSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Keeps a secret, or puts another value in its place.",
        discussion: """
            The value is asked for, or read from standard input or a file; never from the command \
            line, which everybody on this machine may read:

              slipway secret set npm_token
              slipway secret set sign_key --repository shop --from-file sign.pem
              slipway secret set sign_key --branch main --branch 'release/**'
              pass show deploy | slipway secret set deploy_key --event tag
              gpg -d key.gpg | slipway secret set key --branch 'refs/tags/v*'

            The end of a single line is not part of the value; a text of several lines is taken \
            as it is.

            Without --branch every branch and tag may have it, without --event every event but \
            try: a try is code that nobody has reviewed, and gets it only with --event try. Pull \
            requests from outside never do. A job that runs keeps the value it was given.
            """
    )

    @Argument(help: "Its name, as pipelines write it.")
    var name: String

    @OptionGroup var place: SecretPlace

    @Option(
        name: .customLong("branch"),
        help: ArgumentHelp(
            "Only for branches of this name or pattern, or refs that begin with refs/; may be given again.",
            valueName: "glob"
        )
    )
    var branches: [String] = []

    @Option(
        name: .customLong("event"),
        help: "Only for this event, such as push, tag or try; may be given again."
    )
    var events: [String] = []

    @Option(
        help: ArgumentHelp("Read the value from this file.", valueName: "file"),
        completion: .file()
    )
    var fromFile: String?

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if let event = events.first(where: { Event(rawValue: $0) == nil }) {
            let known = Event.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("No event is called '\(event)': there are \(known).")
        }
    }

    func run() async throws {
        let path = try place.path(name)
        let connection = try server.connect()
        let value = try SecretInput(name: name, file: fromFile).value()
        // Before it travels: a refusal says the same, but the value has been somewhere by then.
        if let problem = value.problem { throw CommandError(.wrongUse, problem) }
        let message = NewSecretMessage(
            value: value,
            branches: branches.isEmpty ? nil : branches,
            events: events.isEmpty ? nil : events.compactMap { Event(rawValue: $0) }
        )
        let answer = try await connection.put(path, message)
        if json.isJSON { return Output.standard.json(answer) }
        let secret: SecretMessage = try Connection.decode(answer)
        Output.standard.line("\(printable(secret.name)) is kept, \(secret.spokenTerms)")
        if let warning = secret.warning { Output.standard.note(printable(warning)) }
    }
}

extension SecretMessage {
    /// For whom it is, in a few words.
    var spokenTerms: String {
        var parts = [repository.map { "for \($0)" } ?? "for every repository"]
        if !branches.isEmpty { parts.append("branch " + branches.joined(separator: ", ")) }
        if !events.isEmpty {
            parts.append("event " + events.map(\.rawValue).joined(separator: ", "))
        }
        return printable(parts.joined(separator: "; "))
    }
}
