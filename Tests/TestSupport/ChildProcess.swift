import Dispatch
package import Foundation
import Glibc
import Synchronization

/// A program started by a test, which may outlive the call that started it.
package final class ChildProcess: Sendable {
    package let pid: pid_t
    private let ending: Ending

    /// How it ended, once it has.
    private final class Ending: Sendable {
        let exitCode = Mutex<Int32?>(nil)
        let signal = DispatchSemaphore(value: 0)
    }

    /// Starts a program found on the `PATH`, or by its whole path.
    ///
    /// Output is appended to files, because a pipe that nobody reads stops the program.
    package init(
        _ program: String,
        _ arguments: [String],
        in folder: URL? = nil,
        environment: [String: String] = [:],
        input: URL? = nil,
        output: URL,
        errors: URL
    ) throws {
        let isPath = program.utf8.contains(UInt8(ascii: "/"))
        let words = [isPath ? program : "/usr/bin/env"] + (isPath ? [] : [program]) + arguments
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let append = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, input?.path ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output.path, append, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errors.path, append, 0o644)
        _ = Self.closing(&actions, 3)
        if let folder { _ = Self.changing(&actions, folder.path) }
        pid = try Self.spawn(words, variables.map { "\($0)=\($1)" }, &actions)
        let ending = Ending()
        self.ending = ending
        Thread.detachNewThread { [pid] in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) == -1, errno == EINTR {}
            let signal = status & 0x7F
            ending.exitCode.withLock { $0 = signal == 0 ? (status >> 8) & 0xFF : 128 + signal }
            ending.signal.signal()
        }
    }

    // Glibc's own additions to POSIX, which its Swift module hides; since 2.34 it has both.
    private static let closing = unsafeBitCast(
        symbol("posix_spawn_file_actions_addclosefrom_np"),
        to: (@convention(c) (UnsafeMutableRawPointer, Int32) -> Int32).self
    )
    private static let changing = unsafeBitCast(
        symbol("posix_spawn_file_actions_addchdir_np"),
        to: (@convention(c) (UnsafeMutableRawPointer, UnsafePointer<CChar>) -> Int32).self
    )

    private static func symbol(_ name: String) -> UnsafeMutableRawPointer {
        guard let symbol = dlsym(nil, name) else { fatalError("this glibc has no \(name)") }
        return symbol
    }

    /// Not by Foundation's `Process`: it reads beyond the names of open files, and with many of
    /// them takes the test process down.
    private static func spawn(
        _ words: [String],
        _ variables: [String],
        _ actions: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let texts = words.map { strdup($0) } + [nil]
        let settings = variables.map { strdup($0) } + [nil]
        defer { for text in texts + settings { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, words[0], &actions, &attributes, texts, settings)
        guard code == 0 else {
            throw NeverHappened(
                description: "\(words[0]) starts: \(String(cString: strerror(code)))"
            )
        }
        return pid
    }

    /// Nil while it runs; 128 plus the signal's number where one ended it.
    package var exitCode: Int32? { ending.exitCode.withLock { $0 } }

    /// Waits for its end; the program is killed when it takes longer.
    @discardableResult
    package func exit(within limit: Duration = .seconds(60)) async throws -> Int32 {
        do {
            return try await eventually("process \(pid) ends", within: limit) { exitCode }
        } catch {
            signal(SIGKILL)
            throw error
        }
    }

    /// The same from code that cannot wait otherwise than on its thread.
    func blockUntilExit(within limit: TimeInterval = 60) throws -> Int32 {
        if ending.signal.wait(timeout: .now() + limit) == .timedOut { signal(SIGKILL) }
        guard let exitCode else { throw NeverHappened(description: "process \(pid) ends") }
        return exitCode
    }

    /// Sends a signal, unless it has ended: its number may be another's by then.
    package func signal(_ number: Int32) {
        guard exitCode == nil else { return }
        kill(pid, number)
    }
}
