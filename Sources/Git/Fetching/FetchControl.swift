import Glibc
import Synchronization

/// The one hand on a running fetch: it stops it from outside and sees how far it came.
///
/// libgit2 1.5 has no timeouts and blocks in the kernel. Shutting a socket down is what wakes a
/// thread there, whether plain, TLS or SSH bytes go through it.
final class FetchControl: Sendable {
    private struct State {
        var sockets: Set<Int32> = []
        var verdict: GitError?
        var progress = FetchProgress()
    }

    /// The fetch whose thread this is.
    @TaskLocal static var current: FetchControl?

    let limits: FetchLimits
    private let state = Mutex(State())

    init(limits: FetchLimits) {
        self.limits = limits
    }

    var progress: FetchProgress { state.withLock { $0.progress } }

    /// Why the fetch was stopped; nil while it may go on.
    var verdict: GitError? { state.withLock { $0.verdict } }

    /// Makes the fetch end soon with this error; the first call counts.
    func stop(_ verdict: GitError) {
        state.withLock { state in
            guard state.verdict == nil else { return }
            state.verdict = verdict
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    func check() throws(GitError) {
        if let verdict { throw verdict }
    }

    /// Takes a socket into care; false when the fetch has been stopped already.
    func adopt(_ socket: Int32) -> Bool {
        state.withLock { state in
            guard state.verdict == nil else { return false }
            state.sockets.insert(socket)
            return true
        }
    }

    /// Closes a socket; under the lock, so that no other file's number is ever shut down.
    func close(_ socket: Int32) {
        state.withLock { state in
            state.sockets.remove(socket)
            _ = Glibc.close(socket)
        }
    }

    /// Notes progress; false when a limit is passed or the fetch was stopped.
    func advance(to progress: FetchProgress) -> Bool {
        state.withLock { $0.progress = progress }
        if progress.objectsTotal > limits.objectsMax {
            stop(
                GitError(
                    .tooLarge,
                    "the fetch has \(progress.objectsTotal) objects, allowed are "
                        + "\(limits.objectsMax)"
                )
            )
        } else if progress.bytesReceived > limits.bytesMax {
            stop(
                GitError(.tooLarge, "the fetch has more than the allowed \(limits.bytesMax) bytes")
            )
        }
        return verdict == nil
    }
}
