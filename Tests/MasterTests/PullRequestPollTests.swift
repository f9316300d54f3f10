import Core
import Foundation
import Storage
import TestSupport
import Testing
import Wire

@testable import Master

/// Pull requests that are found by looking, with real Git.
@Suite struct PullRequestPollTests {
    /// A repository that is looked at every second, with one pull request that is old.
    private struct Place {
        let live: LiveMaster
        let repository: SampleRepository

        init(_ live: LiveMaster) async throws {
            self.live = live
            repository = try await SampleRepository(in: live.scratch, name: "shop")
            let pipeline = "on: { pull_request: {} }\n" + onePipeline
            try await repository.push(["pipelines/main.yml": pipeline, "a.txt": "1\n"])
            try await offer("0\n", as: "refs/pull/1/head")
            try await live.add(repository, ["pull_requests": true, "poll_interval": 1])
        }

        @discardableResult
        func offer(_ text: String, as ref: String) async throws -> String {
            let sha = try await repository.commit(["a.txt": text], message: "Offer \(text)")
            try await repository.git(["push", "--quiet", "--force", "origin", "HEAD:\(ref)"])
            return sha
        }

        func builds() async throws -> [JSON] {
            try await live.admin.json("/api/v1/builds").items.elements
        }

        /// Waits until a ref was settled at a commit.
        func settled(_ ref: String, at sha: String) async throws {
            try await eventually("\(ref) was settled") {
                try await live.master.database.read { tx in
                    guard let shop = try tx.repository(named: "shop") else { return false }
                    return try tx.refs(of: shop.id)[ref] == sha
                }
            }
        }
    }

    @Test(arguments: [
        "refs/pull/7/head", "refs/merge-requests/7/head", "refs/pull-requests/7/from",
    ])
    func `each new commit is built once and waits for a person, whatever the forge`(ref: String)
        async throws
    {
        try await withMaster { live in
            let place = try await Place(live)
            let first = try await place.offer("2\n", as: ref)
            try await place.settled(ref, at: first)
            let build = try #require(try await place.builds().first)
            #expect(build.event == "pull_request")
            #expect(build.ref == "refs/pull/7/merge")
            #expect(
                build.reason.string == "Pull request #7, into main as nothing says otherwise, "
                    + "found without a delivery"
            )
            let path = "/api/v1/builds/\(build.id.int ?? 0)"
            #expect(try await live.admin.json(path).holds[0].kind == "approval")
            let reason = try await live.admin.json(path).jobs[0].waiting_reason.string
            #expect(reason?.contains("no forge has told who opened the pull request") == true)
            #expect(try await live.admin.post("\(path)/approval").status == 202)
            let order = try await live.worker().claim()
            #expect(order.build == Int64(build.id.int ?? 0))
            // Nobody is trusted by that: the next commit waits again.
            let second = try await place.offer("3\n", as: ref)
            try await place.settled(ref, at: second)
            let builds = try await place.builds()
            #expect(builds.count == 2)
            let next = "/api/v1/builds/\(builds[0].id.int ?? 0)"
            #expect(try await live.admin.json(next).holds[0].kind == "approval")
        }
    }

    @Test func `what a delivery told of is not built again`() async throws {
        try await withMaster { live in
            let place = try await Place(live)
            let forging = try await Forging(live)
            let head = try await place.offer("2\n", as: "refs/pull/7/head")
            let body = try Forging.body("github-pull-request-member.json")
            let sent = try await forging.send(.github, event: "pull_request", id: "a", body)
            #expect(sent.status == 202)
            try await place.settled("refs/pull/7/head", at: head)
            let builds = try await place.builds()
            #expect(builds.map(\.reason) == ["Pull request #7 by grace into main"])
            #expect(try await forging.deliveries().first?.outcome == "started #1")
        }
    }

    @Test func `one that was closed before anybody looked is not built`() async throws {
        try await withMaster { live in
            let place = try await Place(live)
            let forging = try await Forging(live)
            let head = try await place.offer("2\n", as: "refs/pull/7/head")
            let body = try Forging.body("github-pull-request-member.json")
                .replacing(#/"action": *"[a-z]+"/#, with: #""action": "closed""#)
                .replacing(#/"sha": *"[0-9a-f]{40}"/#, with: "\"sha\": \"\(head)\"")
            let sent = try await forging.send(.github, event: "pull_request", id: "a", body)
            #expect(sent.status == 202)
            try await place.settled("refs/pull/7/head", at: head)
            #expect(try await forging.deliveries().first?.outcome == "closed: nothing is built")
            #expect(try await place.builds().isEmpty)
        }
    }

    @Test func `without the wish for it nothing is looked for`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let pipeline = "on: { pull_request: {}, push: {} }\n" + onePipeline
            try await repository.git(["commit", "--quiet", "--allow-empty", "-m", "Empty"])
            try await repository.git(["push", "--quiet", "origin", "HEAD:refs/pull/7/head"])
            _ = try await live.build(pipeline, in: repository)
            #expect(try await live.admin.json("/api/v1/builds").items.elements.count == 1)
            let known = try await live.admin.json("/api/v1/repositories/shop")
            #expect(known.pull_requests == .null)
        }
    }
}
