import Core
import HTTPTypes
import NIOHTTP1
import Wire

/// A route, what it asks, and how a test knocks at it.
struct KnownRoute: Sendable {
    var method: String
    /// As the router has it: `:name` is a part of the path that the caller chooses.
    var template: String
    var permission: Permission
    /// A page's form: a token alone never gets in.
    var isForm = false

    /// A path that leads there and names nothing that exists.
    var path: String {
        template.split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.hasPrefix(":") ? "1" : part == "**" ? "x" : String(part)
        }.joined(separator: "/")
    }

    /// Every route there is, with what it asks: a new one is written here on purpose.
    static let all: [KnownRoute] =
        routes(
            .open,
            """
            GET /healthz
            GET /readyz
            GET /schema/pipeline.json
            GET /version
            GET /assets/:name
            GET /login
            POST /login
            POST /logout
            POST /hooks/:forge/:repository
            """
        )
        + routes(
            .read,
            """
            GET /
            GET /repositories/:name
            GET /builds/:id
            GET /jobs/:id
            GET /queue
            GET /workers
            GET /units/:unit
            GET /api/v1/events
            GET /api/v1/repositories
            GET /api/v1/repositories/:name
            GET /api/v1/repositories/:name/builds
            GET /api/v1/repositories/:name/deliveries
            GET /api/v1/repositories/:name/schedules
            GET /api/v1/builds
            GET /api/v1/builds/:id
            GET /api/v1/builds/:id/artifacts
            GET /api/v1/artifacts/:id
            GET /api/v1/artifacts/:id/**
            GET /api/v1/jobs/:id
            GET /api/v1/jobs/:id/steps/:index/log
            GET /api/v1/queue
            GET /api/v1/workers
            GET /api/v1/locks
            GET /api/v1/gates
            GET /api/v1/builds/:id/gates
            GET /metrics
            GET /cs/v1/channels/:unit
            GET /cs/v1/channels/:unit/:channel
            GET /cs/v1/watch
            GET /cs/v1/blobs/:digest
            GET /cs/v1/manifests/:digest
            GET /cs/v1/bundles/:to
            GET /cs/v1/units
            GET /cs/v1/releases/:unit
            GET /cs/v1/releases/:unit/:version
            GET /cs/v1/log
            GET /cs/v1/nodes
            GET /files/:unit/:place/**
            """
        )
        + routes(
            .build,
            """
            POST /api/v1/repositories/:name/builds
            POST /api/v1/repositories/:name/fetches
            POST /api/v1/builds/:id/cancellation
            POST /api/v1/builds/:id/approval
            POST /api/v1/builds/:id/beginning
            POST /api/v1/builds/:id/retries
            """
        )
        + routes(
            .try,
            """
            POST /api/v1/repositories/:name/commits/known
            PUT /api/v1/repositories/:name/tries/:sha
            POST /api/v1/repositories/:name/tries
            """
        )
        + routes(
            .approve,
            """
            POST /api/v1/jobs/:id/gates/:name/approvals
            POST /api/v1/jobs/:id/gates/:name/rejections
            """
        )
        + routes(
            .approve,
            """
            POST /jobs/:id/gates/:name/approvals
            POST /jobs/:id/gates/:name/rejections
            """,
            isForm: true
        )
        + routes(
            .promote,
            """
            POST /cs/v1/releases/:unit/:version/rejection
            POST /cs/v1/channels/:unit/:channel/promotions
            POST /cs/v1/channels/:unit/:channel/rollbacks
            """
        )
        + routes(
            .publish,
            """
            POST /cs/v1/blobs:missing
            POST /cs/v1/blobs:batch
            PUT /cs/v1/blobs/:digest
            POST /cs/v1/releases
            """
        )
        + routes(.report, "POST /cs/v1/nodes/:id")
        + routes(
            .administer,
            """
            POST /api/v1/repositories
            DELETE /api/v1/repositories/:name
            GET /api/v1/repositories/:name/hook
            POST /api/v1/repositories/:name/hook
            PUT /api/v1/locks/:name
            DELETE /api/v1/locks/:name
            POST /api/v1/queue/pause
            POST /api/v1/queue/resume
            POST /api/v1/workers/:name/pause
            POST /api/v1/workers/:name/resume
            POST /api/v1/workers/:name/drain
            GET /api/v1/tokens
            POST /api/v1/tokens
            DELETE /api/v1/tokens/:id
            GET /api/v1/secrets
            PUT /api/v1/secrets/:secret
            DELETE /api/v1/secrets/:secret
            GET /api/v1/repositories/:name/secrets
            PUT /api/v1/repositories/:name/secrets/:secret
            DELETE /api/v1/repositories/:name/secrets/:secret
            POST /api/v1/secret-keys
            GET /api/v1/secret-deeds
            """
        )
        + routes(
            .work,
            """
            POST /worker/v1/sync
            PUT /worker/v1/attempts/:id/steps/:index/log
            GET /worker/v1/source/:repository/:sha
            GET /worker/v1/source/:repository/:sha/submodules
            GET /worker/v1/source/:repository/:sha/submodules/:index
            POST /worker/v1/attempts/:id/publications
            POST /worker/v1/attempts/:id/promotions
            GET /worker/v1/attempts/:id/artifacts
            POST /worker/v1/attempts/:id/secrets
            """
        )
        + routes(
            .administer,
            """
            POST /queue/resume
            POST /workers/:name/pause
            POST /workers/:name/resume
            POST /workers/:name/drain
            """,
            isForm: true
        )
        + routes(
            .build,
            """
            POST /repositories/:name/builds
            POST /repositories/:name/manual-builds
            POST /builds/:id/cancellation
            POST /builds/:id/approval
            POST /builds/:id/beginning
            POST /builds/:id/retries
            """,
            isForm: true
        )
        + routes(
            .promote,
            """
            POST /units/:unit/channels/:channel/promotions
            POST /units/:unit/channels/:channel/rollbacks
            """,
            isForm: true
        )

    private static func routes(
        _ permission: Permission,
        _ lines: String,
        isForm: Bool = false
    ) -> [KnownRoute] {
        lines.split(separator: "\n").map { line in
            let parts = line.split(separator: " ")
            return KnownRoute(
                method: String(parts[0]),
                template: String(parts[1]),
                permission: permission,
                isForm: isForm
            )
        }
    }
}
