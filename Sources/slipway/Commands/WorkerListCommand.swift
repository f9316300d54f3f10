import ArgumentParser
import Foundation
import Wire

struct WorkerListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the workers and what they do."
    )

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(try APIPath("api/v1/workers"))
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<WorkerMessage> = try Connection.decode(answer)
        var table = Table(
            "WORKER",
            "STATE",
            "SLOTS",
            "JOBS",
            "LABELS",
            "VERSION",
            "SEEN",
            "TROUBLE"
        )
        let now = Date()
        for worker in page.items {
            table.add(
                Tinted(worker.name, .bold),
                worker.state.word,
                Tinted("\(worker.running.count)/\(worker.slots)"),
                Tinted(worker.running.map(String.init).joined(separator: ",")),
                Tinted(worker.labels.joined(separator: ",")),
                Tinted(worker.version, .dim),
                Tinted(Spoken.age(worker.lastSeenAt, now: now), .dim),
                Tinted(worker.trouble ?? "")
            )
        }
        Output.standard.table(
            table,
            orSay:
                "no workers: 'slipway up' brings one, 'slipway worker --help' shows how to add more"
        )
    }
}

extension WorkerMessage.State {
    fileprivate var word: Tinted {
        switch self {
        case .online: Tinted(rawValue, .green)
        case .paused, .draining: Tinted(rawValue, .yellow)
        case .away, .quarantined, .troubled: Tinted(rawValue, .red)
        }
    }
}
