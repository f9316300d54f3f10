import CodeStore
import Core
import Foundation
import HTTPTypes
import Hummingbird
import Wire

/// `/cs/v1` for releases and channels: lists, publishing from outside a build, promotion, the log.
struct ReleaseRoutes: Sendable {
    let store: CodeStoreDatabase
    let actions: ReleaseActions

    func add(to routes: Routes) {
        addReleases(to: routes)
        addChannels(to: routes)
    }

    private func addReleases(to routes: Routes) {
        routes.on(.get, "/cs/v1/units", needs: .read) { _, _ in
            try json(ListMessage(items: try await store.units().map(\.name)))
        }
        routes.on(.get, "/cs/v1/releases/:unit", needs: .read) { request, context in
            let limit = try request.number("limit", default: 50, in: 1...200)
            let before = request.query("cursor").flatMap { Int64($0) }
            let unit = try context.name("unit")
            let releases = try await store.releases(of: unit, before: before, limit: limit + 1)
            let shown = releases.prefix(limit)
            let next = releases.count > limit ? shown.last.map { String($0.id) } : nil
            return try json(ListMessage(items: shown.map(ReleaseMessage.init), nextCursor: next))
        }
        routes.on(.get, "/cs/v1/releases/:unit/:version", needs: .read) { _, context in
            let release = try await store.release(
                .version(try context.name("version")),
                of: try context.name("unit")
            )
            return try json(ReleaseMessage(release))
        }
        routes.on(.post, "/cs/v1/releases/:unit/:version/rejection", needs: .promote) {
            request,
            context in
            let message: RejectMessage = try await request.decoded()
            let release = try await actions.reject(
                try context.name("version"),
                of: try context.name("unit"),
                because: message.reason,
                by: context.principal.name
            )
            return try json(ReleaseMessage(release))
        }
        routes.on(.post, "/cs/v1/releases", needs: .publish) { request, context in
            let message: NewReleaseMessage = try await request.decoded(limit: 32 << 20)
            let publication = try await store.publish(
                ReleaseDraft(
                    unit: message.unit,
                    version: message.version,
                    entries: try message.files.map { try $0.releaseEntry },
                    notes: message.notes,
                    channel: message.channel
                ),
                by: PromotionActor(.person, context.principal.name),
                idempotencyKey: try request.idempotencyKey,
                at: Date()
            )
            return try json(
                ReleaseMessage(publication.release),
                status: publication.isNew ? .created : .ok
            )
        }
    }

    private func addChannels(to routes: Routes) {
        routes.on(.get, "/cs/v1/channels/:unit", needs: .read) { _, context in
            let channels = try await store.channels(of: try context.name("unit"))
            return try json(ListMessage(items: channels.map(ChannelMessage.init)))
        }
        routes.on(.post, "/cs/v1/channels/:unit/:channel/promotions", needs: .promote) {
            request,
            context in
            let message: PromoteMessage = try await request.decoded()
            let outcome = try await actions.promote(
                message.version,
                of: try context.name("unit"),
                to: try context.name("channel"),
                as: try intent(request, context, message.reason)
            )
            return try json(PromotionMessage(outcome.promotion), status: .created)
        }
        routes.on(.post, "/cs/v1/channels/:unit/:channel/rollbacks", needs: .promote) {
            request,
            context in
            let message: RollbackMessage = try await request.decoded()
            let outcome = try await actions.rollback(
                try context.name("unit"),
                try context.name("channel"),
                to: message.version,
                as: try intent(request, context, message.reason)
            )
            return try json(PromotionMessage(outcome.promotion), status: .created)
        }
        routes.on(.get, "/cs/v1/log", needs: .read) { request, _ in
            let limit = try request.number("limit", default: 100, in: 1...LogQuery.limitMax)
            let after = request.query("after").flatMap { Int64($0) }
            let rows = try await store.promotions(
                LogQuery(
                    unit: request.query("unit"),
                    channel: request.query("channel"),
                    order: after.map { .after($0) } ?? .before(nil),
                    limit: limit
                )
            )
            return try json(ListMessage(items: rows.map(PromotionMessage.init)))
        }
    }

    /// `If-Match: "r7"` makes the move depend on the channel still standing at r7.
    private func intent(
        _ request: Request,
        _ context: MasterContext,
        _ reason: String?
    ) throws -> PromotionIntent {
        var rev: Int64?
        if let match = request.headers[.ifMatch], match != "*" {
            let digits = match.utf8.drop { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "r") }
            rev = Int64(String(decoding: digits.prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self))
            if rev == nil {
                throw RequestProblem(.badRequest, "If-Match takes a revision such as \"r7\".")
            }
        }
        return PromotionIntent(
            actor: PromotionActor(.person, context.principal.name),
            reason: reason ?? "",
            ifRev: rev,
            idempotencyKey: try request.idempotencyKey
        )
    }
}

extension ReleaseMessage {
    init(_ release: Release) {
        self.init(
            unit: release.unit,
            version: release.version,
            digest: release.digest.description,
            files: release.files,
            bytes: release.bytes,
            build: release.provenance.build?.rawValue,
            commit: release.provenance.commit,
            repository: release.provenance.repository,
            notes: release.notes,
            rejected: release.rejection?.reason,
            createdAt: release.createdAt,
            channels: release.channels
        )
    }
}

extension ChannelMessage {
    init(_ channel: Channel) {
        self.init(
            unit: channel.unit,
            name: channel.name,
            rank: channel.rank,
            rev: channel.rev,
            release: channel.release?.digest.description,
            version: channel.release?.version,
            hold: channel.hold,
            since: channel.move?.at
        )
    }
}

extension PromotionMessage {
    init(_ promotion: Promotion) {
        self.init(
            rev: promotion.rev,
            unit: promotion.unit,
            channel: promotion.channel,
            kind: promotion.kind.rawValue,
            from: promotion.from?.version,
            to: promotion.to?.version ?? "",
            actor: promotion.actor.name,
            reason: promotion.reason,
            at: promotion.at,
            hash: promotion.hash.hex
        )
    }
}
