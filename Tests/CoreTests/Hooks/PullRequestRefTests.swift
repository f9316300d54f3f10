import Core
import Testing

@Suite struct PullRequestRefTests {
    @Test(
        arguments: zip(
            ["refs/pull/7/head", "refs/merge-requests/12/head", "refs/pull-requests/3/from"],
            [(Forge.github, 7), (.gitlab, 12), (.bitbucket, 3)]
        )
    )
    func `the refs that forges keep are known by their names`(ref: String, is known: (Forge, Int))
        throws
    {
        let read = try #require(PullRequestRef(ref))
        #expect(read.forge == known.0 && read.number == known.1)
        #expect(PullRequestRef.folders.contains { ref.hasPrefix($0) })
    }

    @Test(arguments: [
        "refs/pull/7/merge", "refs/pull/07/head", "refs/pull/0/head", "refs/pull/-1/head",
        "refs/pull/7/head/x", "refs/pull/x/head", "refs/pull//head", "refs/heads/pull/7/head",
        "refs/pull/9999999999/head", "refs/pull-requests/3/head", "", "refs/pull/７/head",
    ])
    func `anything else is none`(ref: String) {
        #expect(PullRequestRef(ref) == nil)
    }

    private func decision(
        acted: (String, String)? = nil,
        isTold: Bool = false,
        after seconds: Double = 0
    ) -> PolledHead {
        decide(
            onPolled: "b",
            acted: acted.map { (head: $0.0, target: $0.1) },
            defaultBranch: "main",
            isTold: isTold,
            seenFor: seconds
        )
    }

    @Test func `a commit that was acted on is not news, whatever it was merged into`() {
        #expect(decision(acted: ("b", "main")) == .isKnown)
        #expect(decision(acted: ("b", "release"), isTold: true) == .isKnown)
    }

    @Test func `a new commit goes where the last one went, and else to the default branch`() {
        #expect(decision() == .isNews(target: "main"))
        #expect(decision(acted: ("a", "release")) == .isNews(target: "release"))
    }

    @Test func `where a delivery is likely it has time to come`() {
        #expect(decision(isTold: true) == .waits)
        #expect(decision(isTold: true, after: 29.9) == .waits)
        #expect(decision(isTold: true, after: 30) == .isNews(target: "main"))
    }
}
