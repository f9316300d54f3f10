import Foundation
import Synchronization

/// A program of this machine that is asked one short question.
struct Program {
    private let name: String
    private let arguments: [String]
    private static let limit = Duration.seconds(10)

    init(_ name: String, _ arguments: String...) {
        self.name = name
        self.arguments = arguments
    }

    /// The first line of what it says, or what went wrong, within ten seconds.
    func outcome() async -> Result<String, CommandError> {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let complaint = Pipe()
        process.standardOutput = output
        process.standardError = complaint
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in end.finish() }
        do {
            try process.run()
        } catch {
            return .failure(CommandError(.exception, "\(name) cannot be started"))
        }
        guard await hasEnded(ends) else {
            process.terminate()
            return .failure(CommandError(.exception, "\(name) does not answer"))
        }
        let said = Self.firstLine(output)
        if process.terminationStatus == 0 { return .success(said) }
        // What env says when there is no such program.
        let isMissing = process.terminationStatus == 127
        let reason = isMissing ? "is not installed" : "says: \(Self.firstLine(complaint))"
        return .failure(CommandError(.exception, "\(name) \(reason)"))
    }

    private func hasEnded(_ ends: AsyncStream<Void>) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                for await _ in ends {}
                return !Task.isCancelled
            }
            group.addTask {
                try? await Task.sleep(for: Self.limit)
                return false
            }
            return await group.next() ?? false
        }
    }

    /// A pipe holds more than the few words of such a program, so it is read after the end.
    private static func firstLine(_ pipe: Pipe) -> String {
        let data = (try? pipe.fileHandleForReading.read(upToCount: 4_096)) ?? Data()
        let text = String(decoding: data, as: UTF8.self)
        return String(text.split(whereSeparator: \.isNewline).first ?? "")
    }
}
