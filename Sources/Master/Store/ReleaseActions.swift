import CodeStore
import Core
import Foundation
import HTTPTypes
import Wire

/// What people do to releases and channels, by API and by page alike.
struct ReleaseActions: Sendable {
    let store: CodeStoreDatabase

    func promote(
        _ version: String,
        of unit: String,
        to channel: String,
        as intent: PromotionIntent
    ) async throws -> PromotionOutcome {
        let choice = ContentDigest(version).map { ReleaseChoice.digest($0) } ?? .version(version)
        return try await store.promote(
            choice,
            to: ChannelKey(unit: unit, channel: channel),
            as: intent,
            at: Date()
        )
    }

    func rollback(
        _ unit: String,
        _ channel: String,
        to version: String?,
        as intent: PromotionIntent
    ) async throws -> PromotionOutcome {
        try await store.rollback(
            ChannelKey(unit: unit, channel: channel),
            to: version.map { .version($0) },
            as: intent,
            at: Date()
        )
    }

    func reject(_ version: String, of unit: String, because reason: String, by actor: String)
        async throws -> Release
    {
        try await store.reject(
            .version(version),
            of: unit,
            because: reason,
            by: PromotionActor(.person, actor),
            at: Date()
        )
    }
}

extension RequestProblem {
    /// The refusal that an error of the code store means, with every unmet condition.
    init(_ error: CodeStoreError) {
        switch error {
        case .notFound(let text): self.init(.notFound, text)
        case .invalid(let text): self.init(.badRequest, text)
        case .digestMismatch: self.init(.badRequest, error.description)
        case .missingBlobs(let digests):
            self.init(.conflict, error.description, reasons: digests.prefix(100).map(\.description))
        case .versionTaken, .keyReused: self.init(.conflict, error.description)
        case .stale: self.init(.preconditionFailed, error.description)
        case .refused(let unit, let channel, let unmet):
            self.init(
                .conflict,
                "\(unit)/\(channel) cannot take the release.",
                reasons: unmet.map { "\($0.problem) (\($0.remedy))" }
            )
        case .full:
            self.init(.init(code: 507, reasonPhrase: "Insufficient Storage"), error.description)
        case .busy: self.init(.serviceUnavailable, error.description)
        case .corrupt, .failed: self.init(.internalServerError, error.description)
        }
    }
}
