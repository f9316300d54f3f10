import Foundation
import Testing

@testable import slipway

@Suite struct StartTimeTests {
    @Test func `a time has its offset from UTC`() throws {
        let time = try #require(StartTime(argument: "2026-12-24T18:00:00+01:00"))
        #expect(time == StartTime(argument: "2026-12-24T17:00:00Z"))
        #expect(StartTime(argument: "2026-12-24T18:00:00") == nil)
        #expect(StartTime(argument: "tomorrow") == nil)
    }

    @Test func `a delay is written as in pipeline files`() throws {
        let now = Date(timeIntervalSince1970: 0)
        let delay = try #require(Delay(argument: "90m"))
        #expect(delay.end(from: now) == Date(timeIntervalSince1970: 5_400))
        for text in ["90", "0s", "-1m", "31d", "2 h", ""] {
            #expect(Delay(argument: text) == nil, "\(text)")
        }
    }
}
