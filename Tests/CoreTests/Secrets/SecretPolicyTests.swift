import Core
import Foundation
import Testing

@Suite struct SecretPolicyTests {
    private static let shop = RepositoryID(1)
    private static let bakery = RepositoryID(2)

    private func asker(
        _ event: Event = .push,
        ref: String = "refs/heads/main",
        isTried: Bool = false,
        pullRequest: PullRequest? = nil
    ) -> SecretAsker {
        var settings = BuildSettings()
        settings.pullRequest = pullRequest
        let build = Build(
            id: BuildID(1),
            repository: Self.shop,
            repositoryName: "shop",
            number: 1,
            pipeline: "main",
            event: event,
            ref: ref,
            sha: String(repeating: "0", count: 40),
            message: "",
            author: "Ada",
            reason: "",
            state: .running,
            createdAt: .init(timeIntervalSince1970: 0),
            settings: settings
        )
        return SecretAsker(build, isTried: isTried)
    }

    private func pull(isFork: Bool?) -> SecretAsker {
        asker(
            .pullRequest,
            ref: "refs/pull/7/merge",
            pullRequest: PullRequest(number: 7, target: "main", source: "x", isFork: isFork)
        )
    }

    private func verdict(_ asker: SecretAsker, _ terms: SecretTerms...) -> SecretVerdict {
        secretVerdict(on: "key", for: asker, among: terms)
    }

    private func refusal(_ verdict: SecretVerdict) -> String? {
        switch verdict {
        case .given: nil
        case .refused(let why): why
        }
    }

    @Test func `a secret nobody set is missed with what to do`() {
        let other = SecretTerms(name: "key", repository: Self.bakery)
        let why = refusal(verdict(asker(), other, SecretTerms(name: "kex")))
        #expect(
            why == "there is no secret key for shop: an administrator sets it with "
                + "'slipway secret set key --repository shop'"
        )
    }

    @Test func `the repository's own stands before the server's`() {
        let own = SecretTerms(name: "key", repository: Self.shop)
        let all = SecretTerms(name: "key")
        #expect(verdict(asker(), all, own) == .given(own))
        #expect(verdict(asker(), all) == .given(all))
        let guarded = SecretTerms(name: "key", repository: Self.shop, branches: ["release"])
        #expect(refusal(verdict(asker(), all, guarded)) != nil)
    }

    @Test(arguments: [
        (["main"], "refs/heads/main", true),
        (["main"], "refs/heads/feature", false),
        (["main"], "refs/heads/mainly", false),
        (["main"], "refs/tags/main", false),
        (["release/**"], "refs/heads/release/1/2", true),
        (["release/*"], "refs/heads/release/1/2", false),
        (["*", "!wip"], "refs/heads/wip", false),
        (["*", "!wip"], "refs/heads/main", true),
        (["!wip"], "refs/heads/main", true),
        (["!wip"], "refs/tags/v1", false),
        (["refs/tags/v*"], "refs/tags/v1", true),
        (["refs/tags/v*"], "refs/heads/refs/tags/v1", false),
        (["main", "refs/tags/v*"], "refs/heads/main", true),
        (["**"], "refs/tags/v1", false),
    ])
    func `branches are protected`(patterns: [String], ref: String, isGiven: Bool) {
        let terms = SecretTerms(name: "key", branches: patterns)
        #expect((refusal(verdict(asker(ref: ref), terms)) == nil) == isGiven)
    }

    @Test func `a refused branch is named with those that would do`() {
        let terms = SecretTerms(name: "key", branches: ["main", "release/*"])
        #expect(
            refusal(verdict(asker(ref: "refs/heads/feature"), terms))
                == "the secret key is only for branch main, release/*; this build is of "
                + "refs/heads/feature"
        )
    }

    @Test func `events are wanted by name`() {
        let terms = SecretTerms(name: "key", events: [.push, .tag])
        #expect(refusal(verdict(asker(), terms)) == nil)
        #expect(
            refusal(verdict(asker(.manual), terms))
                == "the secret key is only for the event push, tag; this build is of the event manual"
        )
    }

    @Test(arguments: Event.allCases)
    func `without branches and events everyone who may push gets it, and no try`(event: Event) {
        let asker = event == .pullRequest ? pull(isFork: false) : asker(event)
        #expect((refusal(verdict(asker, SecretTerms(name: "key"))) == nil) == (event != .trial))
    }

    @Test(arguments: [true, nil])
    func `a pull request from outside gets none, whatever the secret says`(isFork: Bool?) {
        for events in [[], [Event.pullRequest], Event.allCases] {
            let why = refusal(
                verdict(pull(isFork: isFork), SecretTerms(name: "key", events: events))
            )
            #expect(why?.contains("not for pull requests from outside") == true)
        }
    }

    @Test func `a pull request without a word of its origin gets none`() {
        let nameless = asker(.pullRequest, ref: "refs/pull/7/merge")
        #expect(refusal(verdict(nameless, SecretTerms(name: "key"))) != nil)
    }

    @Test func `a pull request is of no branch, so that protected secrets are not for it`() {
        let terms = SecretTerms(name: "key", branches: ["main"])
        #expect(
            refusal(verdict(pull(isFork: false), terms))
                == "the secret key is only for branch main; this build is of refs/pull/7/merge"
        )
    }

    @Test func `a try gets what says so, and so does whatever is built of its commit`() {
        let ref = "refs/try/ann/main"
        let closed = SecretTerms(name: "key")
        let open = SecretTerms(name: "key", events: [.trial])
        for tried in [
            asker(.trial, ref: ref), asker(.pipeline, ref: ref), asker(.manual, isTried: true),
        ] {
            #expect(refusal(verdict(tried, closed))?.contains("not for tries") == true)
        }
        #expect(refusal(verdict(asker(.trial, ref: ref), open)) == nil)
        // It is of a try, and the secret is not for what follows one.
        #expect(refusal(verdict(asker(.pipeline, ref: ref), open)) != nil)
    }

    @Test(arguments: ["", "refs/pull/7/merge", "refs/pull/7/head", "refs/notes/x", "main"])
    func `a build of neither branch nor tag gets none`(ref: String) {
        for event in [Event.manual, .pipeline, .schedule] {
            #expect(refusal(verdict(asker(event, ref: ref), SecretTerms(name: "key"))) != nil)
        }
    }

    @Test(arguments: [
        SecretTerms(name: ""), SecretTerms(name: "../key"), SecretTerms(name: "-key"),
        SecretTerms(name: String(repeating: "k", count: 64)),
        SecretTerms(name: "key", branches: [""]), SecretTerms(name: "key", branches: ["!"]),
        SecretTerms(name: "key", branches: ["a\u{7}"]),
        SecretTerms(name: "key", branches: Array(repeating: "main", count: 51)),
        SecretTerms(name: "key", branches: ["main"], events: [.push, .trial]),
        SecretTerms(name: "key", branches: ["main"], events: [.pullRequest]),
    ])
    func `terms that cannot be kept are refused in words`(terms: SecretTerms) {
        #expect(terms.problem?.isEmpty == false)
    }

    @Test func `every name that a pipeline may ask for can be set`() {
        for name in ["key", "SIGN_KEY", "sign-key.2", "0"] {
            #expect(SecretTerms(name: name, branches: ["main"], events: [.push]).problem == nil)
        }
    }
}
