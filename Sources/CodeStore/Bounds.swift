import Core

/// The limits of what callers may write beside their blobs, with messages that name the thing.
enum Bounds {
    static func check(_ text: String?, of what: String, max: Int) throws {
        guard let text, text.utf8.count > max else { return }
        throw CodeStoreError.invalid(
            "\(what) has \(text.utf8.count) bytes; \(max) is the limit"
        )
    }

    static func check(_ actor: PromotionActor) throws {
        guard !actor.name.isEmpty else {
            throw CodeStoreError.invalid("a change of the code store needs the name of an actor")
        }
        try check(actor.name, of: "the actor's name", max: PromotionActor.nameBytesMax)
    }

    static func check(idempotencyKey key: String?) throws {
        if let key, key.isEmpty { throw CodeStoreError.invalid("the idempotency key is empty") }
        try check(key, of: "the idempotency key", max: 256)
    }

    static func check(_ intent: PromotionIntent) throws {
        try check(intent.actor)
        try check(idempotencyKey: intent.idempotencyKey)
        try check(intent.reason, of: "the reason", max: PromotionRows.reasonBytesMax)
    }

    /// For what must not be done without saying why.
    static func checkReason(_ reason: String, for what: String) throws {
        guard reason.utf8.contains(where: { $0 > 0x20 }) else {
            throw CodeStoreError.invalid("\(what) needs a reason; it is kept for others to read")
        }
        try check(reason, of: "the reason", max: PromotionRows.reasonBytesMax)
    }
}
