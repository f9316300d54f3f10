import Subprocess
import Synchronization

/// A command in a container with which one speaks: a line there, a line or some bytes back.
///
/// It is one task's at a time. Whoever waits longer than its patience is told so by
/// ``DockerEngine/converse(with:in:patience:_:)``.
package final class Conversation {
    private let writer: StandardInputWriter
    private var output: SubprocessOutputSequence.Iterator
    private var heard: [UInt8] = []
    private let due: Due

    init(
        _ writer: StandardInputWriter,
        _ output: SubprocessOutputSequence,
        due: Due
    ) {
        self.writer = writer
        self.output = output.makeAsyncIterator()
        self.due = due
    }

    /// Bytes of a line at most.
    private static let lineMax = 4_096

    /// Says a line and gives the line that comes back.
    package func ask(_ line: String) async throws -> String {
        try await say(Array("\(line)\n".utf8))
        return try await self.line()
    }

    /// The next line that comes back.
    package func line() async throws -> String {
        try await due.minding {
            while true {
                if let end = heard.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = String(decoding: heard[..<end], as: UTF8.self)
                    heard.removeSubrange(...end)
                    return line
                }
                guard heard.count <= Self.lineMax else { throw Self.broken("a line without end") }
                try await hear()
            }
        }
    }

    /// Says bytes to which nothing comes back yet.
    package func say(_ bytes: [UInt8]) async throws {
        try await due.minding {
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = try await writer.write(Array(rest))
                // A command that has ended takes nothing, and says so by this alone.
                guard written > 0 else { throw Self.broken("its end") }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Exactly so many of the bytes that come back.
    package func bytes(_ count: Int) async throws -> [UInt8] {
        try await due.minding {
            while heard.count < count { try await hear() }
            let bytes = Array(heard.prefix(count))
            heard.removeFirst(count)
            return bytes
        }
    }

    private func hear() async throws {
        guard let piece = try await output.next() else { throw Self.broken("its end") }
        piece.withUnsafeBytes { heard.append(contentsOf: $0) }
    }

    private static func broken(_ how: String) -> DockerError {
        DockerError(
            code: .other,
            message: "a conversation with a container met \(how)"
        )
    }

    /// Until when an answer must have come.
    final class Due: Sendable {
        private let patience: Duration
        private let end = Mutex<ContinuousClock.Instant?>(nil)

        init(patience: Duration) {
            self.patience = patience
        }

        /// Whether somebody has waited for too long.
        var isOver: Bool { end.withLock { $0.map { $0 < .now } ?? false } }

        func minding<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
            end.withLock { $0 = .now + patience }
            defer { end.withLock { $0 = nil } }
            return try await body()
        }
    }
}

extension DockerEngine {
    /// Runs one more command in a running container and speaks with it; it ends with the body.
    ///
    /// The body is to be told nothing by the command but answers, each within `patience`.
    package func converse(
        with command: [String],
        in container: String,
        patience: Duration,
        _ body: @escaping @Sendable (Conversation) async throws -> Void
    ) async throws {
        let due = Conversation.Due(patience: patience)
        let arguments = ["--interactive", try Argument.name(container)] + command
        try await withThrowingTaskGroup { group in
            group.addTask {
                let result = try await run(
                    configuration("exec", arguments),
                    input: .inputWriter,
                    output: .sequence,
                    error: .bytes(limit: DockerError.excerptMax)
                ) { execution in
                    let conversation = Conversation(
                        execution.standardInputWriter,
                        execution.standardOutput,
                        due: due
                    )
                    try await body(conversation)
                }
                _ = result
            }
            group.addTask {
                while !due.isOver { try await Task.sleep(for: .milliseconds(500)) }
                throw DockerError(
                    code: .timedOut,
                    message: "a conversation with a container got no answer within \(patience)"
                )
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
