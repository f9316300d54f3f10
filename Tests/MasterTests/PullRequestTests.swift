import Core
import Foundation
import TestSupport
import Testing

@Suite struct PullRequestTests {
    /// A pull request at a repository that has a branch `main` with one pipeline.
    struct Offer {
        let live: LiveMaster
        let repository: SampleRepository
        let forging: Forging

        init(_ live: LiveMaster) async throws {
            self.live = live
            repository = try await live.repository()
            forging = try await Forging(live)
            let files = [
                "pipelines/main.yml": "on: { pull_request: {} }\n" + onePipeline,
                "a.txt": "1\n", "b.txt": "1\n",
            ]
            let sha = try await repository.push(files)
            try await repository.git(["push", "--quiet", "origin", "HEAD:refs/heads/dozen"])
            try await eventually("\(sha) was looked at") {
                let known = try await live.admin.json("/api/v1/repositories/shop")
                return known.fetch_error == .null && known.fetched_at != .null
            }
        }

        /// Pushes a commit as the newest of the pull request, under the forge's own ref.
        @discardableResult
        func offer(
            _ files: [String: String],
            message: String = "Sell by the dozen",
            under ref: String = "refs/pull/7/head"
        ) async throws -> String {
            let sha = try await repository.commit(files, message: message)
            try await repository.git(["push", "--quiet", "--force", "origin", "HEAD:\(ref)"])
            return sha
        }

        /// Tells of it, and waits until that was acted on.
        func tell(_ file: String, id: String) async throws -> String {
            let sent = try await forging.send(
                .github,
                event: "pull_request",
                id: id,
                Forging.body(file)
            )
            #expect(sent.status == 202, "\(sent.answer)")
            return try await eventually("the delivery was acted on") {
                try await forging.deliveries().first?.outcome.string
            }
        }

        func builds() async throws -> [JSON] {
            try await live.admin.json("/api/v1/builds").items.elements
        }

        func build() async throws -> JSON {
            let id = try await builds().first?.id.int ?? 0
            return try await live.admin.json("/api/v1/builds/\(id)")
        }
    }

    @Test func `what a pull request would make of its target is built once`() async throws {
        try await withMaster { live in
            let offer = try await Offer(live)
            let base = try await offer.repository.git(["rev-parse", "HEAD"])
            try await offer.repository.git(["checkout", "--quiet", "-b", "side"])
            let head = try await offer.offer(["a.txt": "2\n"])
            try await offer.repository.git(["checkout", "--quiet", "-B", "main", base])
            let target = try await offer.repository.push(["b.txt": "2\n"])
            let told = try await offer.tell("github-pull-request-member.json", id: "a")
            #expect(told == "started #1")
            let build = try await offer.build()
            #expect(build.event == "pull_request")
            #expect(build.ref == "refs/pull/7/merge")
            #expect(build.reason == "Pull request #7 by grace into main")
            #expect(build.message.string?.hasPrefix("Sell by the dozen") == true)
            #expect(build.sha.string != head && build.sha.string != target)
            let mirror = try offer.mirror()
            let sha = build.sha.string ?? ""
            #expect(try await git(mirror, "show", "\(sha):a.txt") == "2")
            #expect(try await git(mirror, "show", "\(sha):b.txt") == "2")
            #expect(try await git(mirror, "log", "-1", "--format=%P", sha) == "\(target) \(head)")
            let again = try await offer.tell("github-pull-request-member.json", id: "b")
            #expect(again == "\(head.prefix(8)) was acted on before")
            #expect(try await offer.builds().count == 1)
        }
    }

    @Test func `the forge's own merge is taken where it is of these commits`() async throws {
        try await withMaster { live in
            let offer = try await Offer(live)
            let main = try await offer.repository.git(["rev-parse", "HEAD"])
            let head = try await offer.offer(["a.txt": "2\n"])
            let tree = try await offer.repository.git(["rev-parse", "HEAD^{tree}"])
            let stale = try await offer.repository.git([
                "commit-tree", tree, "-p", main, "-p", main, "-m", "Stale",
            ])
            try await offer.repository.git([
                "push", "--quiet", "origin", "\(stale):refs/pull/7/merge",
            ])
            _ = try await offer.tell("github-pull-request-member.json", id: "a")
            let own = try await offer.build().sha.string
            #expect(own != stale)
            let forges = try await offer.repository.git([
                "commit-tree", tree, "-p", main, "-p", head, "-m", "Merge",
            ])
            let next = try await offer.offer(["a.txt": "3\n"])
            let nextTree = try await offer.repository.git(["rev-parse", "HEAD^{tree}"])
            let fresh = try await offer.repository.git([
                "commit-tree", nextTree, "-p", main, "-p", next, "-m", "Merge",
            ])
            try await offer.repository.git([
                "push", "--quiet", "--force", "origin", "\(fresh):refs/pull/7/merge",
            ])
            #expect(
                try await offer.tell("github-pull-request-member.json", id: "b") == "started #2"
            )
            #expect(try await offer.build().sha.string == fresh)
            #expect(forges != fresh)
        }
    }

    @Test func `a conflict is a red build that names the files`() async throws {
        try await withMaster { live in
            let offer = try await Offer(live)
            let base = try await offer.repository.git(["rev-parse", "HEAD"])
            let head = try await offer.offer(["a.txt": "2\n"])
            try await offer.repository.git(["checkout", "--quiet", "-B", "main", base])
            try await offer.repository.push(["a.txt": "3\n"])
            #expect(try await offer.tell("github-pull-request.json", id: "a") == "started #1")
            let build = try await offer.build()
            #expect(build.result == "failure")
            #expect(build.sha.string == head)
            #expect(build.problems[0].path == "a.txt")
            let page = try await live.admin.get("/builds/\(build.id.int ?? 0)").text
            #expect(page.contains("It cannot be merged: 1 file changed on both sides."))
            #expect(page.contains("What cannot be merged"))
            let retry = try await live.admin.post("/api/v1/builds/\(build.id.int ?? 0)/retries")
            #expect(retry.status == 409)
            #expect(retry.json.detail.string?.contains("bring its branch up to date") == true)
        }
    }

    @Test func `an outsider's first build waits for a person and later ones do not`() async throws {
        try await withMaster { live in
            let offer = try await Offer(live)
            try await offer.offer(["a.txt": "2\n"])
            #expect(try await offer.tell("github-pull-request.json", id: "a") == "started #1")
            let build = try await offer.build()
            let id = build.id.int ?? 0
            #expect(build.jobs[0].state == "waiting")
            #expect(build.jobs[0].waiting_reason.string?.contains("must approve it: grace") == true)
            let page = try await live.admin.get("/builds/\(id)").text
            #expect(page.contains("must approve it: "))
            #expect(!page.contains("Connect a worker"))
            let viewer = try await live.api(.viewer)
            #expect(try await viewer.post("/api/v1/builds/\(id)/approval").status == 403)
            let alice = try await live.api(.developer, named: "alice")
            let approved = try await alice.post("/api/v1/builds/\(id)/approval")
            #expect(approved.status == 202)
            #expect(approved.json.reason.string?.hasSuffix(", approved by alice") == true)
            #expect(
                approved.json.jobs[0].waiting_reason.string?.contains("approve") == false,
                "\(approved.json)"
            )
            let twice = try await alice.post("/api/v1/builds/\(id)/approval")
            #expect(twice.status == 409)
            try await offer.offer(["a.txt": "3\n"])
            #expect(try await offer.tell("github-pull-request.json", id: "b") == "started #2")
            let next = try await offer.build()
            #expect(next.jobs[0].waiting_reason.string?.contains("approve") == false)
        }
    }

    @Test func `what is let through once leaves its author a stranger`() async throws {
        try await withMaster { live in
            let offer = try await Offer(live)
            try await offer.offer(["a.txt": "2\n"])
            _ = try await offer.tell("github-pull-request.json", id: "a")
            let first = try await offer.build().id.int ?? 0
            let path = "/api/v1/builds/\(first)/approval"
            #expect(try await live.admin.post(path, ["once": true]).status == 202)
            try await offer.offer(["a.txt": "3\n"])
            _ = try await offer.tell("github-pull-request.json", id: "b")
            let next = try await offer.build()
            #expect(next.jobs[0].waiting_reason.string?.contains("approve") == true)
            // Nobody gets round it by asking again.
            let second = next.id.int ?? 0
            _ = try await live.admin.post("/api/v1/builds/\(second)/cancellation")
            _ = try await live.admin.post("/api/v1/builds/\(second)/retries")
            let again = try await offer.build()
            #expect(again.id.int != second)
            #expect(again.jobs[0].waiting_reason.string?.contains("approve") == true)
        }
    }

    @Test func `a closed one is forgotten and a mark is honoured`() async throws {
        try await withMaster { live in
            let offer = try await Offer(live)
            try await offer.offer(["a.txt": "2\n"], message: "Sell [skip ci]")
            let skipped = try await offer.tell("github-pull-request-member.json", id: "a")
            #expect(skipped == "not built: its message asks for no build")
            let closed = try await offer.tell("github-pull-request-closed.json", id: "b")
            #expect(closed == "closed: nothing is built")
            #expect(try await offer.builds().isEmpty)
        }
    }

    @Test func `one whose commits cannot be had says so and stops no other`() async throws {
        try await withMaster { live in
            let offer = try await Offer(live)
            let told = try await offer.tell("github-pull-request.json", id: "a")
            #expect(told.hasPrefix("not built: GitHub keeps its newest commit under no ref"))
            let sha = try await offer.repository.push(["pipelines/main.yml": onePipeline])
            _ = try await live.build(of: sha)
        }
    }

    @Test func `every forge's pull request is found under its own ref`() async throws {
        try await withMaster { live in
            let offer = try await Offer(live)
            let asked: [(Forge, String, String, String)] = [
                (
                    .gitlab, "Merge Request Hook", "gitlab-merge-request.json",
                    "refs/merge-requests/1/head"
                ),
                (.gitea, "pull_request", "gitea-pull-request.json", "refs/pull/3/head"),
                (
                    .bitbucket, "pr:opened", "bitbucket-center-pull-request.json",
                    "refs/pull-requests/5/from"
                ),
                (
                    .bitbucket, "pullrequest:created", "bitbucket-cloud-pull-request.json",
                    "refs/heads/dozen"
                ),
            ]
            for (number, (forge, event, file, ref)) in asked.enumerated() {
                try await offer.offer(["a.txt": "\(number)\n"], under: ref)
                let body = try Forging.body(file)
                _ = try await offer.forging.send(forge, event: event, id: file, body)
                try await eventually("\(file) was built") {
                    try await offer.forging.deliveries().first?.outcome.string
                        == "started #\(number + 1)"
                }
            }
        }
    }
}

extension PullRequestTests.Offer {
    func mirror() throws -> String {
        let folder = live.scratch.path("data/mirrors")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return "\(folder)/\(names.first { $0.hasSuffix(".git") } ?? "")"
    }
}

private func git(_ folder: String, _ arguments: String...) async throws -> String {
    try await Command.run("git", ["-C", folder] + arguments).orThrow().text
}
