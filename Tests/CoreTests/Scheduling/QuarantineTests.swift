import Core
import Foundation
import Testing

@Suite struct QuarantineTests {
    private let noon = Date(timeIntervalSince1970: 0)

    @Test func `from the third failure in a row on, each doubles the time it is left alone`() {
        var health = WorkerHealth()
        var pauses: [Double?] = []
        for _ in 0..<12 {
            health = health.failed(because: "no engine", at: noon)
            pauses.append(health.quarantinedUntil?.timeIntervalSince(noon))
        }
        #expect(
            pauses == [nil, nil, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600, 3_600]
        )
        #expect(health.reason == "no engine")
    }

    @Test func `a quarantine ends by itself`() {
        let health = WorkerHealth(failures: 3, quarantinedUntil: noon)
        #expect(health.isQuarantined(at: noon.addingTimeInterval(-1)))
        #expect(!health.isQuarantined(at: noon))
        #expect(!WorkerHealth().isQuarantined(at: noon))
    }

    @Test func `only what the machinery did counts, not what a step says of itself`() {
        func step(_ result: BuildResult, _ exitCode: Int?) -> Step {
            Step(index: 1, name: "", kind: .run, result: result, exitCode: exitCode)
        }
        #expect(isFailureOfWorker(.exception, []))
        #expect(isFailureOfWorker(.exception, [step(.exception, nil)]))
        #expect(!isFailureOfWorker(.exception, [step(.exception, 75)]))
        #expect(!isFailureOfWorker(.failure, [step(.failure, 1)]))
        #expect(!isFailureOfWorker(.success, []))
        #expect(!isFailureOfWorker(.cancelled, []))
    }
}
