import Foundation
import Testing

/// Waits, at most ten seconds, until something has become true.
func eventually(_ isTrue: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while try await !isTrue() {
        try #require(ContinuousClock.now < deadline, "it never became true")
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Whether no living process has this id; one that only waits to be collected is gone.
func isGone(_ process: Int32) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
        return true
    }
    return stat.split(separator: ")").last?.hasPrefix(" Z") == true
}
