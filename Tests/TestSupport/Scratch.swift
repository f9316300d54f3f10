package import Foundation

/// A folder of its own for one test, gone when the test is.
package struct Scratch: Sendable {
    package let url: URL

    /// The path of something in the folder; with no name, of the folder.
    package func path(_ name: String = "") -> String {
        name.isEmpty ? url.path : url.appendingPathComponent(name).path
    }

    /// Writes a file and the folders above it.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> URL {
        try write(Data(text.utf8), to: name)
    }

    func write(_ data: Data, to name: String) throws -> URL {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try data.write(to: file)
        return file
    }

    static func make() throws -> Self {
        // Short, because the paths of sockets are limited to 107 bytes.
        let name = "slipway-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return Self(url: url.resolvingSymlinksInPath())
    }

    /// With `SLIPWAY_KEEP_SCRATCH` set it stays, and its path is printed.
    func remove() {
        if ProcessInfo.processInfo.environment["SLIPWAY_KEEP_SCRATCH"] != nil {
            print("kept \(url.path)")
        } else {
            try? FileManager.default.removeItem(at: url)
        }
    }
}

/// Runs the body with a new scratch folder and removes it, however the body ends.
package func withScratch<Answer>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Scratch) async throws -> Answer
) async throws -> Answer {
    let scratch = try Scratch.make()
    defer { scratch.remove() }
    return try await body(scratch)
}
