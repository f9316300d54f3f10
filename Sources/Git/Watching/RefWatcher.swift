import Foundation

/// Tells within milliseconds that refs of repositories on this machine have moved.
///
/// One thread and one inotify instance serve all repositories. What is told is only that a look
/// is worth while: network file systems tell nothing, so polling stays the truth.
package final class RefWatcher: Sendable {
    private let loop: RefWatchLoop

    package init() throws(GitError) {
        loop = RefWatchLoop(inotify: try Inotify())
        let thread = Thread { [loop] in loop.run() }
        thread.name = "git refs"
        thread.start()
    }

    deinit { loop.stop() }

    /// Wake-ups of one repository: bare, not bare, or a work tree of another.
    ///
    /// Moves that follow each other closely make one wake-up, and so do those that nobody has
    /// taken yet. The stream ends when the repository's folder is removed or renamed; after the
    /// next poll that works it is worth while to ask again.
    package func wakeups(of path: String) async throws -> AsyncStream<Void> {
        let folders = try await BlockingThreads.fetches.run { try GitRepository(at: path).folders }
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = try loop.add(folders, continuation)
        continuation.onTermination = { [loop] _ in loop.remove(id) }
        return stream
    }
}
