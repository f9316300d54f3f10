import Core
import Testing

@Suite struct ApprovalTests {
    private func news(isFork: Bool, isMember: Bool?) -> PullRequestNews {
        PullRequestNews(
            number: 7,
            target: "main",
            source: "dozen",
            head: "",
            author: "grace",
            authorID: "4711",
            isFork: isFork,
            isMember: isMember
        )
    }

    @Test func `whoever can push to the repository is no stranger to it`() {
        #expect(news(isFork: true, isMember: nil).isFromOutside)
        #expect(news(isFork: true, isMember: false).isFromOutside)
        #expect(!news(isFork: true, isMember: true).isFromOutside)
        #expect(!news(isFork: false, isMember: false).isFromOutside)
        #expect(!news(isFork: false, isMember: nil).isFromOutside)
    }

    @Test func `the rule of the server decides who waits`() {
        let stranger = news(isFork: true, isMember: nil)
        let member = news(isFork: false, isMember: true)
        #expect(!ApprovalRule.never.holds(stranger, isTrusted: false))
        #expect(ApprovalRule.outside.holds(stranger, isTrusted: false))
        #expect(!ApprovalRule.outside.holds(stranger, isTrusted: true))
        #expect(!ApprovalRule.outside.holds(member, isTrusted: false))
        #expect(ApprovalRule.always.holds(member, isTrusted: false))
        #expect(!ApprovalRule.always.holds(member, isTrusted: true))
    }

    @Test func `what a forge says is kept within bounds`() {
        let moves = (0..<500).map {
            SkippedMove(ref: "refs/heads/\($0)", sha: String(repeating: "a", count: 40))
        }
        let news = HookNews(moves: moves, isSkipped: true)
        #expect(news.skipped?.count == HookNews.skippedMax)
        #expect(news.summary == "push to 0 and 499 more, not to be built")
        #expect(HookNews(summary: String(repeating: "x", count: 9_999)).summary.utf8.count == 300)
        #expect(HookNews(summary: "", sha: "../../etc").sha == nil)
        let long = String(repeating: "x", count: 9_999)
        let move = SkippedMove(ref: long, sha: String(repeating: "a", count: 40))
        #expect(HookNews(moves: [move], isSkipped: true).skipped == [])
        #expect(HookNews(summary: "", ref: long).ref?.utf8.count == 1_024)
    }
}
