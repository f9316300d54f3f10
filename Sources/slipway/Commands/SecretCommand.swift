import ArgumentParser

struct SecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Secrets that the server gives to the steps that ask for them.",
        discussion: """
            A step asks for a secret by its name, and gets it as a variable or as a file:

              - run: ./sign.sh
                secrets: { SIGN_KEY: { from: signing_key, as: file } }

            The server keeps it encrypted and shows it to nobody again; logs have stars in its \
            place. 'slipway run --secret NAME' gives the same pipeline its secrets here.
            """,
        subcommands: [
            SecretSetCommand.self, SecretListCommand.self, SecretRemoveCommand.self,
            SecretLogCommand.self, SecretRewrapCommand.self,
        ]
    )
}

/// Whose secret is meant.
struct SecretPlace: ParsableArguments {
    @Option(help: "Only for this repository; without it, for all that have none of that name.")
    var repository: String?

    /// The path of all secrets of the place, or of one.
    func path(_ name: String? = nil) throws(CommandError) -> APIPath {
        switch (repository, name) {
        case (let repository?, let name?):
            try APIPath("api/v1/repositories", repository, "secrets", name)
        case (let repository?, nil): try APIPath("api/v1/repositories", repository, "secrets")
        case (nil, let name?): try APIPath("api/v1/secrets", name)
        case (nil, nil): try APIPath("api/v1/secrets")
        }
    }
}
