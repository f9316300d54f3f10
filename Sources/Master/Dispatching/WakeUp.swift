import Foundation
import Synchronization

/// A wake-up that many may give and one waits for; several before it looks are one.
final class WakeUp: Sendable {
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
    }

    func ring() {
        continuation.yield()
    }

    func finish() {
        continuation.finish()
    }
}
