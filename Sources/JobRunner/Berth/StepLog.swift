import Glibc
import Synchronization

/// The log of what Slipway itself does in a step: setup, download, publish, promote.
///
/// It lies where no container can reach it.
package final class StepLog: Sendable {
    private let file: Descriptor
    private let state: Mutex<State>
    private let onGrowth: @Sendable (Int) -> Void

    private struct State {
        var length: Int
        var failure: JobRunnerError?
    }

    /// Goes on at the end of what is there already.
    init(path: String, onGrowth: @escaping @Sendable (Int) -> Void) throws(JobRunnerError) {
        file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
        state = Mutex(State(length: try file.status().size))
        self.onGrowth = onGrowth
    }

    /// Adds one line.
    package func line(_ text: String) { write(Array("\(text)\n".utf8)) }

    /// Adds bytes as they are.
    ///
    /// A full disk is noted and ends the step as an exception.
    package func write(_ bytes: [UInt8]) {
        let length = state.withLock { state -> Int in
            do throws(JobRunnerError) {
                if state.failure == nil { try file.write(bytes) }
                state.length += bytes.count
            } catch {
                state.failure = error
            }
            return state.length
        }
        onGrowth(length)
    }

    /// Bytes of it so far.
    var length: Int { state.withLock { $0.length } }

    /// Why the log is not whole; nil when it is.
    var failure: JobRunnerError? { state.withLock { $0.failure } }
}
