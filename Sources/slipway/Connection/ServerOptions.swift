import ArgumentParser
import Foundation

/// The flags of every command that talks to a server.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the server is ($SLIPWAY_SERVER, else http://127.0.0.1:8010).",
            valueName: "url"
        )
    )
    var server: String?

    @Option(
        help: ArgumentHelp(
            "What to sign in with ($SLIPWAY_TOKEN, else the credentials file).",
            valueName: "token"
        )
    )
    var token: String?

    static let serverDefault = "http://127.0.0.1:8010"

    /// The address of the server, checked to be one.
    func address(_ environment: [String: String]) throws(CommandError) -> URL {
        let variable = environment["SLIPWAY_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
        let text = server ?? variable ?? Self.serverDefault
        let url = URL(string: text)
        guard let url, ["http", "https"].contains(url.scheme?.lowercased()), url.host() != nil
        else {
            throw CommandError(
                .wrongUse,
                "not the address of a server: \(text)",
                hint: "write it like \(Self.serverDefault)"
            )
        }
        return url
    }

    func connect(_ folders: Folders = .standard) throws(CommandError) -> Connection {
        let address = try address(folders.environment)
        return Connection(
            server: address,
            credentials: Credentials.find(for: address, flag: token, folders: folders)
        )
    }
}

/// The flag of every command that prints data.
struct JSONOption: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print the server's own JSON.")
    var isJSON = false
}
