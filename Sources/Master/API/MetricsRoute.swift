import Core
import Foundation
import Hummingbird
import Storage

/// `GET /metrics`: how the queue and the workers stand, as Prometheus reads it.
struct MetricsRoute: Sendable {
    let database: ControlDatabase
    let registry: WorkerRegistry
    let hookBodies: HookBodies
    let hookFailures: HookFailures

    func add(to routes: Routes) {
        routes.on(.get, "/metrics", needs: .read) { _, _ in
            text(try await exposition(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private func exposition() async throws -> String {
        let (queues, blocked, gated, running, workers) = try await database.read { tx in
            (
                try tx.queues(), try tx.blockedCount(), try tx.waitingGates(limit: 1_000).count,
                try tx.runningCount(), try tx.workers()
            )
        }
        let present = workers.filter { registry.standing(of: $0.name).isPresent }
        let unserved = queues.filter { queue in
            !present.contains { Set($0.labels).isSuperset(of: queue.labels) }
        }
        let now = Date()
        var page = Exposition()
        page.gauge(
            "slipway_queue_jobs",
            "Jobs that wait for a worker, by the labels they need.",
            queues.map { ([("labels", $0.labels.joined(separator: ","))], Double($0.jobs)) }
        )
        page.gauge(
            "slipway_queue_oldest_seconds",
            "How long the first job of each queue has waited.",
            queues.map {
                (
                    [("labels", $0.labels.joined(separator: ","))],
                    max(0, now.timeIntervalSince($0.oldestSince))
                )
            }
        )
        page.gauge(
            "slipway_queues_unserved",
            "Queues with a waiting job that no connected worker serves.",
            Double(unserved.count)
        )
        page.gauge(
            "slipway_jobs_blocked",
            "Jobs that wait for other jobs, for quiet, or for people.",
            Double(blocked)
        )
        page.gauge("slipway_gates_waiting", "Gates that wait for people.", Double(gated))
        page.gauge("slipway_jobs_running", "Jobs that a worker has.", Double(running))
        page.gauge("slipway_workers_known", "Workers that ever connected.", Double(workers.count))
        page.gauge("slipway_workers_present", "Workers that are connected.", Double(present.count))
        page.gauge(
            "slipway_workers_paused",
            "Connected workers that a person paused or drains.",
            Double(present.count { $0.mode != .taking })
        )
        page.gauge(
            "slipway_workers_quarantined",
            "Workers left alone because their machinery failed again and again.",
            Double(workers.count { $0.health.isQuarantined(at: now) })
        )
        page.gauge(
            "slipway_slots",
            "Slots of the connected workers.",
            Double(present.reduce(0) { $0 + $1.slots })
        )
        addHooks(to: &page)
        return page.text
    }

    private func addHooks(to page: inout Exposition) {
        page.gauge(
            "slipway_hook_unproved_bytes",
            "Bytes of deliveries that are not proved yet.",
            Double(hookBodies.inFlight)
        )
        page.gauge(
            "slipway_hook_failures",
            "Deliveries that were not proved since the start; without a name, of no repository.",
            hookFailures.all.map { ([("repository", $0.repository)], Double($0.count.failures)) }
        )
    }
}

/// A page in Prometheus's text format.
struct Exposition {
    private(set) var text = ""

    mutating func gauge(_ name: String, _ words: String, _ value: Double) {
        gauge(name, words, [([], value)])
    }

    mutating func gauge(
        _ name: String,
        _ words: String,
        _ samples: [(labels: [(name: String, value: String)], value: Double)]
    ) {
        text += "# HELP \(name) \(words)\n# TYPE \(name) gauge\n"
        for (labels, value) in samples {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
            let names = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
            text += "\(name)\(names) \(value == value.rounded() ? "\(Int(value))" : "\(value)")\n"
        }
    }

    private static func escaped(_ value: String) -> String {
        value.map { character in
            switch character {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            case _: String(character)
            }
        }
        .joined()
    }
}
