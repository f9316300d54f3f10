import ArgumentParser
import Core
import Foundation
import LocalRun
import Wire

struct TryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Builds the working tree on the server's workers, without a push.",
        discussion: """
            What is built is the working tree as it is now, changes and new files included. Only \
            what the server lacks travels; nothing is committed or pushed, and no branch is left \
            anywhere. A try publishes and promotes nothing.

              slipway try --wait
              slipway try --pipeline nightly -i level=full --wait

            Without --pipeline, what a push of the branch would start, or a pull request from it. \
            The repository is the one of the server that has a remote's URL of this tree; --repo \
            names another. 'slipway run' does the same here, without a server.
            """
    )

    @Option(help: "The name of one pipeline, whatever would start it.")
    var pipeline: String?

    @Option(
        name: [.customShort("i"), .long],
        help: ArgumentHelp(
            "A value for an input that the pipeline declares; may be given several times.",
            valueName: "name=value"
        )
    )
    var input: [NamedValue] = []

    @Option(help: ArgumentHelp("The repository's name on the server.", valueName: "name"))
    var repo: String?

    @Flag(help: "Follow the builds; the exit code says how they ended.")
    var wait = false

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "slipway-try-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let connection = try server.connect()
        let source = try await source(in: scratch)
        let name = try await repositoryName(of: source, on: connection)
        try await send(source, to: name, on: connection)
        let answer = try await connection.post(
            try APIPath("api/v1/repositories", name, "tries"),
            StartTryMessage(
                sha: source.sha,
                branch: source.branch,
                pipeline: pipeline,
                inputs: input.isEmpty ? nil : input.byName
            )
        )
        try await BuildFollower(connection: connection, isJSON: json.isJSON)
            .tell(answer, wait: wait)
    }

    private func source(in scratch: String) async throws -> TrySource {
        do {
            return try await TrySource(
                around: FileManager.default.currentDirectoryPath,
                by: NSUserName(),
                in: scratch
            )
        } catch {
            throw CommandError(.notFound, "this is no working tree that can be tried: \(error)")
        }
    }

    private func repositoryName(
        of source: TrySource,
        on connection: Connection
    ) async throws -> String {
        if let repo { return repo }
        let page: ListMessage<RepositoryMessage> = try await connection.get(
            try APIPath("api/v1/repositories")
        )
        let known = page.items.map { (name: $0.name, url: $0.url) }
        if let name = triedRepository(in: source.folder, remotes: source.remotes, among: known) {
            return name
        }
        let names = known.map(\.name).joined(separator: ", ")
        throw CommandError(
            .notFound,
            "no repository of the server, or more than one, has a remote's URL of this tree",
            hint: names.isEmpty
                ? "add it: slipway repo add NAME URL" : "name it with --repo: \(names)"
        )
    }

    /// Sends what the server lacks; nothing where it has the very commit.
    private func send(
        _ source: TrySource,
        to name: String,
        on connection: Connection
    ) async throws {
        let answer = try await connection.post(
            try APIPath("api/v1/repositories", name, "commits", "known"),
            CommitsMessage(commits: source.lineage)
        )
        let known: CommitsMessage = try Connection.decode(answer)
        guard !known.commits.contains(source.sha) else { return }
        guard !known.commits.isEmpty else {
            throw CommandError(
                .notFound,
                "\(printable(name)) on the server has none of the last \(source.lineage.count) "
                    + "commits of this tree",
                hint: "is it this repository? --repo names another; or push what it builds on"
            )
        }
        let (path, count) = try await bundle(source, knowing: known.commits)
        try await connection.put(
            try APIPath("api/v1/repositories", name, "tries", source.sha),
            fileAt: path
        )
        Output.standard.note("sent \(Spoken.size(count)) that the server lacked")
    }

    private func bundle(
        _ source: TrySource,
        knowing known: [String]
    ) async throws -> (path: String, byteCount: Int) {
        do {
            return try await source.bundle(knowing: known)
        } catch let error as LocalRunError {
            throw CommandError(.refused, error.message, hint: error.hint)
        } catch {
            throw CommandError(.refused, "this cannot be sent as a try: \(error)")
        }
    }
}
