import ArgumentParser
import Core
import Foundation
import Logging
import Master

/// The options of whatever runs a master.
struct MasterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where databases, logs and mirrors lie.",
            discussion: "SLIPWAY_DATA, else $XDG_STATE_HOME/slipway, else ~/.local/state/slipway.",
            valueName: "dir"
        )
    )
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Where to listen (default 127.0.0.1:8010).",
            discussion: "SLIPWAY_LISTEN. Elsewhere than on loopback, looking needs a token too.",
            valueName: "host:port"
        )
    )
    var listen: String?

    @Flag(help: "Let everyone look without a token, also from elsewhere than this machine.")
    var publicRead = false

    @Flag(
        help: ArgumentHelp(
            "Let whoever wrote a commit or started its build open the build's gates.",
            discussion: "Without it, a gate needs somebody else: four eyes."
        )
    )
    var ownersOpenGates = false

    @Option(
        help: ArgumentHelp(
            "How links and steps name this server, such as https://ci.example.org.",
            valueName: "url"
        )
    )
    var address: String?

    @Option(
        help: ArgumentHelp(
            "Whose pull requests wait for 'slipway build approve': never, outside, always.",
            discussion: "SLIPWAY_APPROVAL. Outside: of people who cannot push (the default).",
            valueName: "rule"
        ),
        completion: .list(ApprovalRule.allCases.map(\.rawValue))
    )
    var approval: String?

    @Option(
        help: ArgumentHelp(
            "Seconds a silent worker keeps its jobs.",
            visibility: .hidden
        )
    )
    var lease: Int?

    /// The folder of the data, made when it does not exist.
    func folder() throws -> String {
        let folder = data ?? Folders.standard.data.path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        return folder
    }

    func configuration() throws -> MasterConfiguration {
        let text =
            listen ?? ProcessInfo.processInfo.environment["SLIPWAY_LISTEN"] ?? "127.0.0.1:8010"
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { throw ValidationError("--listen takes HOST:PORT, such as 127.0.0.1:8010") }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        var terms = LeaseTerms.standard
        if let lease {
            terms.lease = .seconds(lease)
            terms.startGrace = .seconds(lease + 5)
        }
        let rule =
            approval ?? ProcessInfo.processInfo.environment["SLIPWAY_APPROVAL"]
            ?? ApprovalRule.outside.rawValue
        guard let rule = ApprovalRule(rawValue: rule) else {
            throw ValidationError("--approval takes never, outside or always")
        }
        return MasterConfiguration(
            data: try folder(),
            host: host,
            port: Int(port),
            isReadingPublic: publicRead,
            leases: terms,
            address: address,
            approval: rule,
            ownersMayOpenGates: ownersOpenGates
        )
    }
}
