import CodeStore
import Core
import Foundation
import HTTPTypes
import Hummingbird
import Wire

/// `/cs/v1/nodes`: what nodes prepared and run.
struct NodeRoutes: Sendable {
    let store: CodeStoreDatabase
    let events: EventHub

    func add(to routes: Routes) {
        routes.on(.post, "/cs/v1/nodes/:id", needs: .report) { request, context in
            let message: NodeReportMessage = try await request.decoded(limit: 128 << 10)
            let id = try context.name("id")
            guard Name.isValid(id) || id.utf8.count <= NodeReport.idBytesMax else {
                throw RequestProblem(.badRequest, "A node's id is at most 128 bytes.")
            }
            let report = NodeReport(
                id: id,
                unit: message.unit,
                channel: message.channel,
                seenRev: message.seenRev,
                prepared: message.prepared.flatMap { ContentDigest($0) },
                active: message.active.flatMap { ContentDigest($0) },
                errors: message.errors ?? [],
                host: message.host,
                pid: message.pid
            )
            try store.report(report, at: Date())
            events.publish("node", [("unit", .text(message.unit)), ("node", .text(id))])
            return Response(status: .noContent)
        }
        routes.on(.get, "/cs/v1/nodes", needs: .read) { request, _ in
            let nodes = try await store.nodes(of: request.query("unit"))
            return try json(ListMessage(items: nodes.map(NodeMessage.init)))
        }
    }
}

extension NodeMessage {
    init(_ node: Node) {
        self.init(
            id: node.report.id,
            unit: node.report.unit,
            channel: node.report.channel,
            activeVersion: node.activeVersion,
            preparedVersion: node.preparedVersion,
            errors: node.report.errors,
            lastSeenAt: node.seenAt
        )
    }
}
