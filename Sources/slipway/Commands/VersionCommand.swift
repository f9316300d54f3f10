import ArgumentParser
import Foundation
import NIOCore
import Wire

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Shows the version of this program and of the server."
    )

    @Flag(name: .customLong("json"), help: "Print both versions as JSON.")
    var isJSON = false

    @OptionGroup var server: ServerOptions

    /// What `--json` prints.
    private struct Versions: Encodable {
        var version: String
        var server: VersionMessage?
    }

    func run() async throws {
        var connection = try server.connect()
        connection.timeout = .seconds(5)
        // A server that is not there is an answer too, and no reason to fail.
        let path = try APIPath("version")
        let there = try? await connection.get(path, as: VersionMessage.self)
        if isJSON {
            let versions = Versions(version: slipwayVersion, server: there)
            return Output.standard.json(try WireCoding.encoder().encode(versions))
        }
        Output.standard.line("slipway \(slipwayVersion)")
        let words = there.map { "\($0.version), protocol \($0.protocol)" } ?? "not reachable"
        Output.standard.line("server  \(printable(words)) (\(connection.server))")
    }
}
