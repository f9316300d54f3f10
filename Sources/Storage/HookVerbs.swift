package import Core

package import struct Foundation.Date

/// Who may tell that something was pushed, and what was told.
package protocol HookVerbs {
    /// Nil where nobody asked for one.
    func hook(ofRepository name: String) throws -> HookRow?
    /// Notes that deliveries are taken, and what their secret is made of from now on.
    func setHook(of id: RepositoryID, salt: String, at now: Date) throws
    /// Stores a delivery, once.
    ///
    /// Throws ``StorageError/Code/busy`` when too many wait to be acted on, and
    /// ``StorageError/Code/notFound`` when the repository is gone.
    func take(_ delivery: DeliveryDraft, at now: Date) throws -> DeliveryReceipt
    /// The newest that waits to be acted on; nil: none waits.
    func newestWaitingDelivery(of id: RepositoryID) throws -> Int64?
    /// Those that wait and say more than that a fetch is due, oldest first.
    func waitingNews(of id: RepositoryID, limit: Int) throws -> [Delivery]
    /// Notes that those up to `last` that say nothing more were acted on.
    func settleHints(of id: RepositoryID, through last: Int64, outcome: String) throws
    /// Notes what came of one; one that was settled before stays as it is.
    func settle(delivery id: Int64, outcome: String) throws
    /// Newest first.
    func deliveries(of id: RepositoryID, limit: Int) throws -> [Delivery]
}

/// What a repository's deliveries are proved with.
package struct HookRow: Equatable, Sendable {
    package var repository: RepositoryID
    /// What the secret is made of, together with the server's key.
    package var salt: String
    package var createdAt: Date

    package init(repository: RepositoryID, salt: String, createdAt: Date) {
        self.repository = repository
        self.salt = salt
        self.createdAt = createdAt
    }
}

/// A delivery as it comes in.
package struct DeliveryDraft: Equatable, Sendable {
    package var repository: RepositoryID
    package var forge: Forge
    /// What makes two deliveries one: the forge's own name of it, or a digest.
    package var key: String
    /// Seconds within which the same key means the same delivery; nil: as long as it is known.
    package var window: Int?
    package var news: HookNews

    package init(
        repository: RepositoryID,
        forge: Forge,
        key: String,
        window: Int? = nil,
        news: HookNews
    ) {
        self.repository = repository
        self.forge = forge
        self.key = key
        self.window = window
        self.news = news
    }
}

/// What taking a delivery led to.
package enum DeliveryReceipt: Equatable, Sendable {
    case stored(Int64)
    /// It had come before; with the builds of what it tells, newest first.
    case duplicate([BuildID])
}

/// A delivery that was taken.
package struct Delivery: Equatable, Sendable {
    package var id: Int64
    package var forge: Forge
    package var news: HookNews
    package var receivedAt: Date
    /// What came of it, in words; nil: it waits to be acted on.
    package var outcome: String?

    package init(
        id: Int64,
        forge: Forge,
        news: HookNews,
        receivedAt: Date,
        outcome: String?
    ) {
        self.id = id
        self.forge = forge
        self.news = news
        self.receivedAt = receivedAt
        self.outcome = outcome
    }
}
