import Foundation
import TestSupport
import Testing
import Wire

/// Who may name what as a submodule.
@Suite struct SubmoduleTests {
    /// A pull request at a repository, in answer to which a worker asks for its submodules.
    private struct Request {
        let offer: PullRequestTests.Offer
        let worker: FakeWorker

        init(_ live: LiveMaster) async throws {
            offer = try await PullRequestTests.Offer(live)
            worker = try await live.worker()
            for name in ["library", "secret"] {
                let other = try await SampleRepository(in: live.scratch, name: name)
                try await other.push(["\(name).txt": "\(name)\n"])
            }
        }

        /// Offers what stands in the work tree, and gives the answer to the worker.
        func submodules(told file: String, id: String) async throws -> (status: Int, json: JSON) {
            try await offer.offer(["\(id).txt": id])
            #expect(try await offer.tell(file, id: id).hasPrefix("started"))
            // What a stranger offers waits for a person's word; of others the answer is a refusal.
            let build = try await offer.build().id.int ?? 0
            _ = try await offer.live.admin.post("/api/v1/builds/\(build)/approval", [:])
            let order = try await worker.take()
            let answer = try await worker.api
                .get("/worker/v1/source/shop/\(order.sha)/submodules")
            _ = try await worker.finish(order)
            return (answer.status, answer.json)
        }
    }

    @Test func `a stranger names no submodule that the target branch has not`() async throws {
        try await withMaster { live in
            let request = try await Request(live)
            let repository = request.offer.repository
            try await repository.addModule("../library.git", at: "library")
            try await repository.push()
            try await eventually("the branch was fetched") {
                let sha = try await repository.git(["rev-parse", "HEAD"])
                let branch = try await Command.run(
                    "git",
                    ["-C", request.offer.mirror(), "rev-parse", "main"]
                ).text
                return branch == sha
            }
            let fork = "github-pull-request.json"
            let same = try await request.submodules(told: fork, id: "same")
            #expect(same.status == 200, "\(same.json)")
            #expect(same.json.submodules.elements.map(\.path.string) == ["library"])
            try await repository.addModule("../secret.git", at: "secret")
            let other = try await request.submodules(told: fork, id: "other")
            #expect(other.status == 422)
            let detail = other.json.detail.string ?? ""
            #expect(detail.contains("'secret'") && detail.contains("from outside"), "\(detail)")
            let member = "github-pull-request-member.json"
            let own = try await request.submodules(told: member, id: "own")
            #expect(own.status == 200, "\(own.json)")
        }
    }

    @Test func `only a worker with a lease on the commit hears of its submodules`() async throws {
        try await withMaster { live in
            let request = try await Request(live)
            try await request.offer.offer(["c.txt": "1\n"])
            _ = try await request.offer.tell("github-pull-request-member.json", id: "lease")
            let order = try await request.worker.take()
            let path = "/worker/v1/source/shop/\(order.sha)/submodules"
            let stranger = try await live.worker("stranger")
            #expect(try await stranger.api.get(path).status == 409)
            #expect(try await stranger.api.get("\(path)/0").status == 409)
            #expect(try await request.worker.api.get(path).status == 200)
            #expect(try await request.worker.api.get("\(path)/0").status == 404)
            #expect(try await request.worker.api.get("\(path)/-1").status == 404)
            _ = try await request.worker.finish(order)
        }
    }
}
