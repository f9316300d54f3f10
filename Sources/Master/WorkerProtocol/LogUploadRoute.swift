import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// `PUT /worker/v1/attempts/{id}/steps/{index}/log?fence=&offset=`: a piece of a step's log.
///
/// Idempotent by offset: bytes that are there already are skipped, a gap is answered with 416
/// and where to go on.
struct LogUploadRoute: Sendable {
    let logs: LogStore
    let leases: LeaseTable

    func add(to routes: Routes) {
        routes.on(.put, "/worker/v1/attempts/:id/steps/:index/log", needs: .work) {
            request,
            context in
            let lease = try leases.lease(for: request, context)
            let step = Int(try context.number("index"))
            guard (0...JobSpec.stepsMax).contains(step) else {
                throw RequestProblem.notFound("step \(step)")
            }
            let offset = try request.number("offset", default: 0, in: 0...LogStore.bytesMax)
            let buffer = try await request.collected(limit: WorkerProtocol.logChunkMax)
            let length = try logs.append(
                buffer.readableBytesView,
                at: offset,
                of: lease.build,
                attempt: lease.attempt,
                step: step
            )
            return Response(status: .noContent, headers: [.expectedOffset: String(length)])
        }
    }
}

extension LeaseTable {
    /// The lease under which a worker's request runs; an old fence is refused with 409.
    func lease(for request: Request, _ context: MasterContext, fence: Int? = nil) throws -> Lease {
        let id = AttemptID(try context.number("id"))
        let fence = try fence ?? request.number("fence", default: 0, in: 0...Int.max)
        guard let lease = lease(of: id, fence: fence, worker: context.principal.name) else {
            throw RequestProblem(
                .conflict,
                "Attempt \(id) is not yours under fence \(fence): stop it."
            )
        }
        return lease
    }
}
