import ArgumentParser
import Wire

struct LockListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the locks that were set or are held."
    )

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(try APIPath("api/v1/locks"))
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<LockMessage> = try Connection.decode(answer)
        var table = Table("LOCK", "SCOPE", "CAPACITY", "HELD BY")
        for lock in page.items {
            let holders = lock.holders.map { holder in
                let place = lock.scope == "worker" ? " on \(holder.worker)" : ""
                return "\(holder.title)\(place)" + (holder.units.map { ": \($0)" } ?? "")
            }
            table.add(
                Tinted(lock.name, .bold),
                Tinted(lock.worker.map { "\(lock.scope) \($0)" } ?? lock.scope),
                Tinted("\(lock.capacity)"),
                Tinted(holders.joined(separator: ", "))
            )
        }
        Output.standard.table(table, orSay: "no lock is set or held")
    }
}
