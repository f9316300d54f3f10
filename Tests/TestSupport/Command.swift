package import Foundation

/// A program that ran to its end.
package struct Command: Sendable {
    package let arguments: [String]
    /// Of the program; the number of the signal plus 128 where one ended it.
    package let exitCode: Int32
    package let output: Data
    package let errors: String

    /// The standard output as text, without the white space around it.
    package var text: String {
        String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs a program found on the `PATH`, or by its whole path, and waits for it.
    package static func run(
        _ program: String,
        _ arguments: [String] = [],
        in folder: URL? = nil,
        environment: [String: String] = [:],
        input: String? = nil,
        within limit: Duration = .seconds(60)
    ) async throws -> Self {
        try await withScratch { scratch in
            let child = try ChildProcess(
                program,
                arguments,
                in: folder,
                environment: environment,
                input: try input.map { try scratch.write(Data($0.utf8), to: "in") },
                output: scratch.write("", to: "out"),
                errors: scratch.write("", to: "err")
            )
            let exitCode = try await child.exit(within: limit)
            return try Self([program] + arguments, exitCode, in: scratch)
        }
    }

    /// The same from code that cannot wait otherwise than on its thread.
    package static func runBlocking(
        _ program: String,
        _ arguments: [String],
        in folder: URL? = nil,
        input: Data? = nil
    ) throws -> Self {
        let scratch = try Scratch.make()
        defer { scratch.remove() }
        let child = try ChildProcess(
            program,
            arguments,
            in: folder,
            input: try input.map { try scratch.write($0, to: "in") },
            output: scratch.write("", to: "out"),
            errors: scratch.write("", to: "err")
        )
        return try Self([program] + arguments, child.blockUntilExit(), in: scratch)
    }

    private init(_ arguments: [String], _ exitCode: Int32, in scratch: Scratch) throws {
        self.arguments = arguments
        self.exitCode = exitCode
        output = try Data(contentsOf: scratch.url.appendingPathComponent("out"))
        let errors = try Data(contentsOf: scratch.url.appendingPathComponent("err"))
        self.errors = String(decoding: errors, as: UTF8.self)
    }

    /// The same, where anything but 0 is an error.
    @discardableResult
    package func orThrow() throws -> Self {
        guard exitCode == 0 else {
            throw NeverHappened(
                description: "\(arguments.joined(separator: " ")): exit \(exitCode)\n"
                    + String(decoding: output, as: UTF8.self) + errors
            )
        }
        return self
    }
}
