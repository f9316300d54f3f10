import Core
import Foundation
import Testing

@Suite struct MergingTests {
    private let noon = Date(timeIntervalSince1970: 1_750_000_000)
    private let main = "refs/heads/main"

    private var settings: BuildSettings {
        BuildSettings(Plan(pipeline: "main", jobs: [], collapse: true, quiet: .seconds(30)))
    }

    @Test(arguments: Event.allCases)
    func `only what arrives by itself merges, and only moving refs become quiet`(event: Event) {
        let merging: Set<Event> = [.push, .pullRequest, .schedule, .pipeline]
        let moving: Set<Event> = [.push, .pullRequest]
        #expect(settings.merges(event, ref: main, isRetry: false) == merging.contains(event))
        let hold = settings.quietHold(for: event, ref: main, at: noon)
        #expect((hold != nil) == moving.contains(event))
    }

    @Test func `a retry, and a commit that no ref names, stay alone`() {
        #expect(!settings.merges(.push, ref: main, isRetry: true))
        #expect(!settings.merges(.push, ref: "", isRetry: false))
        #expect(settings.quietHold(for: .push, ref: "", at: noon) == nil)
        #expect(!BuildSettings().merges(.push, ref: main, isRetry: false))
    }

    @Test func `a try queues where others would cancel`() {
        let spec = ConcurrencySpec(group: "g", limit: 1, onNew: .cancel)
        #expect(spec.policy(for: .trial) == .queue)
        #expect(spec.policy(for: .push) == .cancel)
    }

    @Test func `a group that is full names its builds`() {
        let spec = ConcurrencySpec(group: "deploy", limit: 2, onNew: .queue)
        let hold = BuildHold.concurrency(spec, subject: "1/deploy", holders: [4, 7], ahead: 0)
        #expect(
            hold.reason
                == "It waits for a place in its group 'deploy': builds #4 and #7 have all 2."
        )
    }

    @Test func `of many covered commits the first few are named`() {
        let commits = (0..<7).map { number in
            CoveredCommit(sha: "\(number)abcdef01", subject: "", author: "", build: nil)
        }
        #expect(
            commits.phrase
                == ", also covers 0abcdef0, 1abcdef0, 2abcdef0, 3abcdef0, 4abcdef0 and 2 more"
        )
        #expect([CoveredCommit]().phrase.isEmpty)
    }
}
