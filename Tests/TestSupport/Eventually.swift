/// What a test waited for did not become true.
package struct NeverHappened: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}

/// Looks again and again until there is an answer: the one wait that tests may use.
///
/// An error while looking means "not yet"; the last one is told if the time runs out.
package func eventually<Answer>(
    _ what: String,
    within limit: Duration = .seconds(30),
    isolation: isolated (any Actor)? = #isolation,
    _ look: () async throws -> Answer?
) async throws -> Answer {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: limit)
    var last = ""
    while clock.now < deadline {
        do {
            if let answer = try await look() { return answer }
            last = ""
        } catch let error as CancellationError {
            throw error
        } catch {
            last = "; the last look failed: \(error)"
        }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw NeverHappened(description: "not within \(limit): \(what)\(last)")
}

/// As the other one, for something that is only true or not.
package func eventually(
    _ what: String,
    within limit: Duration = .seconds(30),
    isolation: isolated (any Actor)? = #isolation,
    isTrue look: () async throws -> Bool
) async throws {
    _ = try await eventually(what, within: limit) { try await look() ? true : nil }
}

/// Lets a moment pass that nobody chose: for kills, which must not fall where they are easy.
package func randomMoment(in range: ClosedRange<Int>) async throws {
    try await Task.sleep(for: .milliseconds(Int.random(in: range)))
}
