import Core
import Foundation
import Testing

@Suite struct BeginningTests {
    private let noon = Date(timeIntervalSince1970: 1_750_000_000)

    private var time: BuildHold { .time(until: noon) }
    private var quiet: BuildHold {
        BuildHold(kind: .quiet, until: noon, reason: "It waits until main has been quiet.")
    }

    @Test func `times are a person's to end`() {
        #expect([time].beginning == .early(lifting: [.time]))
        #expect([quiet, time].beginning == .early(lifting: [.quiet, .time]))
        #expect([time].canBeginEarly)
    }

    @Test func `a place in a group and an approval are not, whatever else it waits for`() {
        let place = BuildHold(kind: .concurrency, subject: "1/x", reason: "Build #4 has it.")
        for holds in [[place], [time, place], [.approval("Who are you?"), time]] {
            guard case .refused(let reason) = holds.beginning else {
                Issue.record("\(holds)")
                continue
            }
            #expect(reason.contains("cancel them") || reason.contains("`slipway build approve`"))
            #expect(!holds.canBeginEarly)
        }
    }

    @Test func `what nothing holds back begins by itself`() {
        #expect(![BuildHold]().canBeginEarly)
    }
}
