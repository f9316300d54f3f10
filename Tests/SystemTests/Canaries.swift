import Foundation
import TestSupport

/// Values that are nowhere by chance, and the search for where they are by mistake.
struct Canaries: Sendable {
    /// Name to value.
    let values: [(name: String, value: String)]
    /// A pattern per line, for `grep`; outside of what is searched.
    let patterns: URL

    init(_ count: Int, in scratch: Scratch) throws {
        values = (0..<count).map { number in
            let random = (0..<4).map { _ in
                String(UInt32.random(in: 1 << 28...UInt32.max), radix: 16)
            }
            let text = "canary-\(number)/\(random.joined(separator: "+"))"
            // Every fifth is a text of several lines, as a key is.
            return ("canary_\(number)", number % 5 == 0 ? "BEGIN\n\(text)\nEND \(text)\n" : text)
        }
        var lines = values.flatMap { pair in
            pair.value.split(separator: "\n").filter { $0.utf8.count >= 8 }.map(String.init)
        }
        for pair in values {
            let bytes = Array(pair.value.utf8)
            // Without what depends on what stands behind it, and no longer than a line of it.
            lines.append(String(Data(bytes).base64EncodedString().prefix(40)))
            lines.append(bytes.prefix(25).map { String(format: "%02x", $0) }.joined())
        }
        patterns = try scratch.write(lines.joined(separator: "\n") + "\n", to: "patterns/canaries")
    }

    /// The files below these places that have any of them, in whatever form.
    func found(below places: [String]) async throws -> [String] {
        let search = try await Command.run(
            "grep",
            ["-raFl", "--devices=skip", "-f", patterns.path] + places,
            within: .seconds(60)
        )
        guard search.exitCode < 2 || search.errors.contains("No such file") else {
            throw NeverHappened(description: search.errors)
        }
        return search.text.split(separator: "\n").map(String.init)
    }

    /// Whether a text has any of them.
    func isIn(_ text: Data) throws -> Bool {
        let lines = try String(contentsOf: patterns, encoding: .utf8).split(separator: "\n")
        return lines.contains { text.range(of: Data($0.utf8)) != nil }
    }

    /// The processes whose command line has any of them.
    func processes() async throws -> [String] {
        let script =
            "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -aFf '\(patterns.path)'"
        return try await Command.run("sh", ["-c", script]).text.split(separator: "\n").map(
            String.init
        )
    }

    /// Whether the engine shows any of them of any container or image.
    func areInEngine() async throws -> Bool {
        let script =
            "docker ps -aq | xargs -r docker inspect; docker images -q | xargs -r docker inspect"
        return try isIn(try await Command.run("sh", ["-c", script]).output)
    }

    /// Sets each on a server: most by the API, the first by the command, which reads its input.
    func set(on server: Server) async throws {
        for (index, pair) in values.enumerated() {
            if index > 1 {
                let answer = try await server.api.put(
                    "/api/v1/secrets/\(pair.name)",
                    ["value": .string(pair.value)]
                )
                guard answer.status == 201 else { throw NeverHappened(description: answer.text) }
                continue
            }
            try await Command.run(
                try Server.executable(),
                ["secret", "set", pair.name, "--repository", "shop", "--branch", "main"],
                environment: [
                    "SLIPWAY_SERVER": server.url, "SLIPWAY_TOKEN": server.adminToken ?? "",
                ],
                input: pair.value
            ).orThrow()
        }
    }
}
