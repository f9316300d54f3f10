import Core
import HTTPTypes
import Storage
import Wire

/// The times of a repository's pipelines.
struct TimetableRoutes: Sendable {
    let database: ControlDatabase

    /// Of each schedule.
    private static let upcomingMax = 5

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/repositories/:name/schedules", needs: .read) { _, context in
            let name = try context.name("name")
            let schedules = try await database.read { tx in
                try tx.repository(named: name).map { try tx.schedules(of: $0.id) }
            }
            guard let schedules else { throw RequestProblem.notFound("repository \(name)") }
            return try json(
                ListMessage(
                    items: schedules.map {
                        ScheduleMessage($0, next: $0.upcoming(Self.upcomingMax))
                    }
                )
            )
        }
    }
}

extension BuildMessage {
    /// With what is known of it only by other rows.
    init(_ build: Build, around tx: any ControlTransaction) throws {
        self.init(build)
        let holds = build.state == .finished ? [] : try tx.holds(of: build.id)
        let covers = try tx.covers(of: build.id)
        self.holds = holds.isEmpty ? nil : holds.map(HoldMessage.init)
        self.covers = covers.isEmpty ? nil : covers.map(CoveredCommitMessage.init)
        coveredBy = try tx.coverer(of: build.id)?.rawValue
        upstream = try tx.upstream(of: build.id)?.rawValue
    }
}
