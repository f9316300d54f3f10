import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// Deliveries about a repository elsewhere, which nobody would look at for a day.
    @Suite struct RemoteHookTests {
        private static let pipeline = """
            on: { push: {}, pull_request: {} }
            image: busybox:1
            steps: [{ run: "true" }]

            """

        @Test func `a delivery alone has a push and a pull request built`() async throws {
            try await withScratch { scratch in
                let remote = try await Remote(["http", scratch.path()])
                try await remote.serve { port in
                    let repository = try await SampleRepository(in: scratch)
                    try await repository.push(["README.md": "Shop\n"])
                    try await withServer(.master) { server, _ in
                        let url = "http://127.0.0.1:\(port)/shop.git"
                        try await server.slipway("repo", "add", "shop", url, "--poll", "86400")
                            .orThrow()
                        try await eventually("it was fetched") {
                            try await server.api.json("/api/v1/repositories/shop").fetched_at
                                != .null
                        }
                        try await Self.tell(server, repository)
                    }
                }
            }
        }

        @Test func `a merge request is found by looking, and a late delivery builds it no more`()
            async throws
        {
            try await withScratch { scratch in
                let remote = try await Remote(["http", scratch.path()])
                try await remote.serve { port in
                    let repository = try await SampleRepository(in: scratch)
                    try await repository.push(["pipelines/main.yml": Self.pipeline])
                    try await withServer(.master) { server, _ in
                        let url = "http://127.0.0.1:\(port)/shop.git"
                        let wish = ["repo", "add", "shop", url, "--poll", "1", "--pull-requests"]
                        try await server.slipway(wish).orThrow()
                        try await eventually("it was fetched") {
                            try await server.api.json("/api/v1/repositories/shop").fetched_at
                                != .null
                        }
                        try await Self.find(server, repository)
                    }
                }
            }
        }

        private static func find(_ server: Server, _ repository: SampleRepository) async throws {
            let head = try await repository.commit(["README.md": "Shop of shops\n"])
            try await repository.git([
                "push", "--quiet", "origin", "HEAD:refs/merge-requests/1/head",
            ])
            let build = try await eventually("the merge request is built") {
                try await server.builds().first { $0.event == "pull_request" }
            }
            #expect(build.ref == "refs/pull/1/merge")
            let hook = try await server.told("repo", "hook", "shop")
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../WireTests/Deliveries/gitlab-merge-request.json")
            let answer = try await server.stranger.send(
                "POST",
                "/hooks/gitlab/shop",
                headers: ["X-Gitlab-Token": hook.secret.string ?? ""],
                body: Data(contentsOf: file)
            )
            #expect(answer.status == 202, "\(answer.text)")
            let path = "/api/v1/repositories/shop/deliveries"
            let outcome = try await eventually("the delivery was acted on") {
                try await server.api.json(path).items[0].outcome.string
            }
            #expect(outcome == "\(head.prefix(8)) was acted on before")
            #expect(try await server.builds().count { $0.event == "pull_request" } == 1)
        }

        private static func tell(_ server: Server, _ repository: SampleRepository) async throws {
            let hook = try await server.told("repo", "hook", "shop")
            func post(_ forge: String, _ headers: [String: String], _ body: String) async throws {
                let answer = try await server.stranger.send(
                    "POST",
                    "/hooks/\(forge)/shop",
                    headers: headers,
                    body: Data(body.utf8)
                )
                #expect(answer.status == 202, "\(answer.text)")
            }
            let pushed = try await repository.push(["pipelines/main.yml": pipeline])
            try await post("git", ["X-Slipway-Token": hook.secret.string ?? ""], "")
            try await eventually("the push is built") { try await server.build(of: pushed) != nil }
            try await repository.commit(["README.md": "Shop of shops\n"])
            try await repository.git([
                "push", "--quiet", "origin", "HEAD:refs/merge-requests/1/head",
            ])
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../WireTests/Deliveries/gitlab-merge-request.json")
            try await post(
                "gitlab",
                ["X-Gitlab-Token": hook.secret.string ?? ""],
                String(contentsOf: file, encoding: .utf8)
            )
            let build = try await eventually("the merge request is built") {
                try await server.builds().first { $0.event == "pull_request" }
            }
            #expect(build.ref == "refs/pull/1/merge")
            #expect(build.reason == "Pull request #1 by user 51 into main")
            let whole = try await server.api.json("/api/v1/builds/\(build.id.int ?? 0)")
            let reason = whole.jobs[0].waiting_reason.string ?? ""
            #expect(reason.contains("must approve it"))
            let approved = try await server.slipway("build", "approve", "\(build.id.int ?? 0)")
            #expect(approved.text == "shop #2 may run", "\(approved.errors)")
        }
    }
}
