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
        let process = Process()
        let isPath = program.utf8.contains(UInt8(ascii: "/"))
        process.executableURL = URL(fileURLWithPath: isPath ? program : "/usr/bin/env")
        process.arguments = isPath ? arguments : [program] + arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { _, ours in ours }
        process.standardInput =
            try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        process.standardOutput = try Self.appending(to: output)
        process.standardError = try Self.appending(to: errors)
        let ending = Ending()
        process.terminationHandler = { process in
            let base: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
            ending.exitCode.withLock { $0 = base + process.terminationStatus }
        }
        try process.run()
        pid = process.processIdentifier
        self.ending = ending
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

    /// Sends a signal, unless it has ended: its number may be another's by then.
    package func signal(_ number: Int32) {
        guard exitCode == nil else { return }
        kill(pid, number)
    }

    private static func appending(to file: URL) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: file.path) {
            try Data().write(to: file)
        }
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        return handle
    }
}
