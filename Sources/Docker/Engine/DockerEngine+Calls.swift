import Glibc
import Logging
import Subprocess
import SystemPackage

import struct Foundation.Data
import class Foundation.JSONDecoder

extension DockerEngine {
    /// Bytes a call that answers in one piece may write.
    private static let answerMax = 4 << 20

    /// Runs one call and gives what it wrote to standard output.
    ///
    /// `verb` is the docker command, such as `create`, and is named in errors.
    func capture(
        _ verb: String,
        _ arguments: [String],
        within deadline: Duration
    ) async throws -> String {
        try await limited(verb, within: deadline) {
            let result = try await run(
                configuration(verb, arguments),
                output: .bytes(limit: Self.answerMax),
                error: .bytes(limit: Self.answerMax)
            )
            // Killed with its task: the status would only tell of our own signal.
            try Task.checkCancellation()
            guard result.terminationStatus.isSuccess else {
                throw DockerError.failed(
                    verb,
                    status: "\(result.terminationStatus)",
                    saying: trimmed(result.standardError)
                )
            }
            return trimmed(result.standardOutput)
        }
    }

    /// Runs one call and hands on what it writes to standard output, waiting for who takes it.
    func pipe(
        _ verb: String,
        _ arguments: [String],
        within deadline: Duration,
        bytesMax: Int,
        to sink: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await limited(verb, within: deadline) {
            let result = try await run(
                configuration(verb, arguments),
                input: .none,
                output: .sequence,
                error: .bytes(limit: Self.answerMax)
            ) { execution in
                var seen = 0
                for try await piece in execution.standardOutput {
                    seen += piece.count
                    guard seen <= bytesMax else { throw tooLong(verb, bytesMax) }
                    try await sink(piece.withUnsafeBytes { Array($0) })
                }
            }
            try Task.checkCancellation()
            guard result.terminationStatus.isSuccess else {
                throw DockerError.failed(
                    verb,
                    status: "\(result.terminationStatus)",
                    saying: trimmed(result.standardError)
                )
            }
        }
    }

    /// Runs one call and hands on what it writes, both streams in one, while it writes.
    ///
    /// After `outputMax` bytes its process is killed.
    func stream(
        _ verb: String,
        _ arguments: [String],
        within deadline: Duration,
        outputMax: Int,
        to sink: @escaping @Sendable ([UInt8]) -> Void
    ) async throws {
        try await limited(verb, within: deadline) {
            let result = try await run(
                configuration(verb, arguments),
                input: .none,
                output: .sequence,
                error: .combinedWithOutput
            ) { execution in
                var seen = 0
                var end: [UInt8] = []
                for try await piece in execution.standardOutput {
                    let bytes = piece.withUnsafeBytes { Array($0) }
                    seen += bytes.count
                    guard seen <= outputMax else { throw tooLong(verb, outputMax) }
                    sink(bytes)
                    end = Array((end + bytes).suffix(DockerError.excerptMax))
                }
                return end
            }
            try Task.checkCancellation()
            guard result.terminationStatus.isSuccess else {
                throw DockerError.failed(
                    verb,
                    status: "\(result.terminationStatus)",
                    saying: trimmed(result.closureResult)
                )
            }
        }
    }

    func configuration(_ verb: String, _ arguments: [String]) -> Configuration {
        logger.trace("docker \(verb)", metadata: ["arguments": "\(arguments)"])
        var options = PlatformOptions()
        // A group of its own: plug-ins die with the call, and a Ctrl-C at our terminal spares it.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        return Configuration(
            executable: program,
            arguments: Arguments((host.map { ["--host", $0] } ?? []) + [verb] + arguments),
            platformOptions: options
        )
    }

    /// Where the command is: found here, because for a name a process is forked for each folder of
    /// `PATH`, the one it is in and all those before it.
    private var program: Executable {
        if executable.utf8.first == UInt8(ascii: "/") { return .path(FilePath(executable)) }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        for folder in path.split(separator: ":") {
            let place = "\(folder)/\(executable)"
            if access(place, X_OK) == 0 { return .path(FilePath(place)) }
        }
        return .name(executable)
    }

    /// Lets the call and its deadline race; the loser is cancelled, which kills the process.
    private func limited<Answer: Sendable>(
        _ verb: String,
        within deadline: Duration,
        _ call: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await withThrowingTaskGroup(of: Answer?.self) { group in
                group.addTask { try await call() }
                group.addTask {
                    try await Task.sleep(for: deadline)
                    return nil
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() ?? nil else {
                    throw DockerError(
                        code: .timedOut,
                        message: "docker \(verb) did not end within \(deadline); it was killed"
                    )
                }
                return answer
            }
        } catch let error as SubprocessError {
            throw translated(error, verb)
        }
    }

    private func translated(_ error: SubprocessError, _ verb: String) -> DockerError {
        switch error.code {
        case .executableNotFound:
            DockerError(
                code: .engineUnavailable,
                message: "There is no \(quoted(executable)) command on this machine; install Docker"
            )
        case .outputLimitExceeded:
            tooLong(verb, Self.answerMax)
        case _:
            DockerError(
                code: .other,
                message: "docker \(verb) could not be run",
                excerpt: "\(error)"
            )
        }
    }

    private func tooLong(_ verb: String, _ limit: Int) -> DockerError {
        DockerError(
            code: .outputTooLong,
            message: "docker \(verb) wrote more than \(limit) bytes; it was killed"
        )
    }

    private func trimmed(_ bytes: [UInt8]) -> String {
        var bytes = bytes[...]
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads a piece of the engine's JSON.
    func decode<Value: Decodable>(
        _ type: Value.Type,
        from text: String,
        of verb: String
    ) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw unreadable(verb, text)
        }
    }

    func unreadable(_ verb: String, _ text: String) -> DockerError {
        DockerError(
            code: .other,
            message: "docker \(verb) gave an answer that cannot be read",
            excerpt: String(text.suffix(DockerError.excerptMax))
        )
    }
}
