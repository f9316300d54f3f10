import Core
import Foundation
import Testing
import Wire

/// Deliveries in the shapes that the forges' own documentation shows.
private func delivery(_ name: String) throws -> Data {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return try Data(contentsOf: folder.appending(path: "Deliveries/\(name)"))
}

private let after = "da1560886d4f094c3e6c9ef40349f7d38b5d27d7"
private let head = "c441029cf673f84c8b7db52d0a5944ee5c52ff89"

@Suite struct HookTests {
    @Test(
        arguments: [
            (Forge.github, "push", "github-push.json", "refs/heads/main", false),
            (.github, "push", "github-tag.json", "refs/tags/v1.2.0", false),
            (.gitlab, "", "gitlab-push.json", "refs/heads/main", false),
            (.gitlab, "", "gitlab-push-skip.json", "refs/heads/main", true),
            (.gitlab, "", "gitlab-tag.json", "refs/tags/v1.2.0", false),
            (.gitea, "push", "gitea-push.json", "refs/heads/main", false),
            (.forgejo, "push", "forgejo-push.json", "refs/heads/main", false),
            (.bitbucket, "repo:push", "bitbucket-cloud-push.json", "refs/heads/main", false),
            (
                .bitbucket, "repo:refs_changed", "bitbucket-center-push.json", "refs/heads/main",
                false
            ),
            (.git, "", "git-push.txt", "refs/heads/main", true),
        ]
    )
    func `a push of every forge says which ref moved`(
        forge: Forge,
        event: String,
        file: String,
        ref: String,
        isSkipped: Bool
    ) throws {
        let reading = try readHook(delivery(file), event: event, of: forge)
        guard case .news(let news) = reading else {
            Issue.record("\(reading)")
            return
        }
        #expect(news.ref == ref)
        #expect(news.sha == after)
        #expect((news.skipped != nil) == isSkipped)
        #expect(news.pullRequest == nil)
        #expect(news.summary.hasPrefix("push to \(Ref.short(ref))"))
    }

    struct Expected: Sendable {
        var forge: Forge
        var event: String
        var file: String
        var number: Int
        var authorID: String
        var isFromOutside: Bool
        var fork: String?
        var isClosed = false
    }

    @Test(
        arguments: [
            Expected(
                forge: .github,
                event: "pull_request",
                file: "github-pull-request.json",
                number: 7,
                authorID: "4711",
                isFromOutside: true
            ),
            Expected(
                forge: .github,
                event: "pull_request",
                file: "github-pull-request-member.json",
                number: 7,
                authorID: "4711",
                isFromOutside: false
            ),
            Expected(
                forge: .github,
                event: "pull_request",
                file: "github-pull-request-closed.json",
                number: 7,
                authorID: "4711",
                isFromOutside: true,
                isClosed: true
            ),
            Expected(
                forge: .gitlab,
                event: "",
                file: "gitlab-merge-request.json",
                number: 1,
                authorID: "51",
                isFromOutside: true
            ),
            Expected(
                forge: .gitea,
                event: "pull_request",
                file: "gitea-pull-request.json",
                number: 3,
                authorID: "9",
                isFromOutside: true
            ),
            Expected(
                forge: .forgejo,
                event: "pull_request",
                file: "forgejo-pull-request.json",
                number: 3,
                authorID: "9",
                isFromOutside: false
            ),
            Expected(
                forge: .bitbucket,
                event: "pullrequest:created",
                file: "bitbucket-cloud-pull-request.json",
                number: 12,
                authorID: "{b1b3-grace}",
                isFromOutside: false
            ),
            Expected(
                forge: .bitbucket,
                event: "pullrequest:created",
                file: "bitbucket-cloud-pull-request-fork.json",
                number: 12,
                authorID: "{b1b3-grace}",
                isFromOutside: true,
                fork: "grace/shop-fork"
            ),
            Expected(
                forge: .bitbucket,
                event: "pr:opened",
                file: "bitbucket-center-pull-request.json",
                number: 5,
                authorID: "9",
                isFromOutside: true
            ),
        ]
    )
    func `a pull request of every forge says whose it is and where it would go`(
        expected: Expected
    ) throws {
        let body = try delivery(expected.file)
        let reading = try readHook(body, event: expected.event, of: expected.forge)
        guard case .news(let news) = reading, let request = news.pullRequest else {
            Issue.record("\(reading)")
            return
        }
        #expect(request.number == expected.number)
        #expect(request.target == "main")
        #expect(request.source == "dozen")
        #expect(head.hasPrefix(request.head))
        #expect(request.authorID == expected.authorID)
        #expect(request.isFromOutside == expected.isFromOutside)
        #expect(request.fork == expected.fork)
        #expect(request.isClosed == expected.isClosed)
    }

    @Test func `what no build can come of is told apart`() throws {
        let ping = try readHook(delivery("github-ping.json"), event: "ping", of: .github)
        #expect(ping == .ignored("the hook works"))
        let labeled = try readHook(
            delivery("github-pull-request-labeled.json"),
            event: "pull_request",
            of: .github
        )
        #expect(labeled == .ignored("pull request #7 was labeled, which starts no builds"))
        let issues = try readHook(Data("{}".utf8), event: "issues", of: .gitea)
        #expect(issues == .ignored("issues starts no builds"))
        let note = try readHook(Data(#"{"object_kind": "note"}"#.utf8), event: "", of: .gitlab)
        #expect(note == .ignored("note starts no builds"))
    }

    @Test func `a body of another shape is refused with the place`() {
        func complaint(_ body: String, _ event: String, _ forge: Forge) -> String? {
            do {
                _ = try readHook(Data(body.utf8), event: event, of: forge)
                return nil
            } catch {
                return error.message
            }
        }
        #expect(
            complaint(#"{"after": "x"}"#, "push", .github)
                == "This is not what GitHub sends: `ref` is missing."
        )
        #expect(
            complaint(#"{"ref": 1, "after": "x"}"#, "push", .gitea)
                == "This is not what Gitea sends: `ref` is of another kind."
        )
        #expect(
            complaint("<html>", "push", .forgejo)
                == "This is not what Forgejo sends: it is not JSON."
        )
        #expect(
            complaint(#"{"push": {}}"#, "repo:push", .bitbucket)?.contains("push.changes") == true
        )
        #expect(complaint("hello\n", "", .git)?.contains("`hello`") == true)
    }

    @Test func `GitLab's options are understood in both shapes`() throws {
        func isSkipped(_ options: String) throws -> Bool {
            let body = """
                {"object_kind": "push", "ref": "refs/heads/main", "after": "\(after)",
                 "push_options": \(options)}
                """
            guard case .news(let news) = try readHook(Data(body.utf8), event: "", of: .gitlab)
            else { return false }
            return news.skipped != nil
        }
        #expect(try isSkipped(#"{"ci": {"skip": true}}"#))
        #expect(try isSkipped(#"{"ci": {"skip": 1}}"#))
        #expect(try isSkipped(#"["ci.skip"]"#))
        #expect(try !isSkipped(#"{"ci": {"skip": false}}"#))
        #expect(try !isSkipped(#"{"mr": {"create": true}}"#))
        #expect(try !isSkipped("{}"))
        #expect(try !isSkipped("[]"))
        #expect(try !isSkipped("null"))
    }
}
