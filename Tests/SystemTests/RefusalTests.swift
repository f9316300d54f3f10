import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// What must not be is refused in words, at once.
    @Suite struct RefusalTests {
        @Test func `writes need a token, a right one, and of the right kind`() async throws {
            try await withServer { server, _ in
                let body: JSON = ["name": "shop", "url": "/nowhere"]
                var api = server.stranger
                #expect(try await api.get("/api/v1/repositories").status == 200)
                let none = try await api.post("/api/v1/repositories", body)
                #expect(none.status == 401)
                #expect(none.headers["content-type"] == "application/problem+json")
                #expect(none.json.detail.string?.isEmpty == false)
                api.token = "slw_wrong"
                #expect(try await api.post("/api/v1/repositories", body).status == 401)
                let worker = try await server.api.post(
                    "/api/v1/tokens",
                    ["name": "w9", "kind": "worker"]
                )
                api.token = worker.json.token.string
                let refused = try await api.post("/api/v1/repositories", body)
                #expect(refused.status == 403, "\(refused.text)")
            }
        }

        @Test func `a stale fence writes nothing`() async throws {
            try await withServer(.master) { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let token = try await server.api.post(
                    "/api/v1/tokens",
                    ["name": "w1", "kind": "worker"]
                )
                let worker = API(base: server.url, token: token.json.token.string)
                try await repository.push([
                    "pipelines/main.yml": "image: busybox:1\nsteps: [{ run: \"true\" }]\n"
                ])
                let order = try await eventually("the job is offered") { () -> JSON? in
                    let answer = try await worker.post("/worker/v1/sync", Self.sync(claiming: 1))
                    #expect(answer.status == 200, "\(answer.text)")
                    return answer.json.orders.elements.first
                }
                let attempt = try #require(order.attempt.int)
                let fence = try #require(order.fence.int)
                let stale: JSON = [
                    "attempt": .number(Double(attempt)), "fence": .number(Double(fence - 1)),
                    "steps": [],
                ]
                let answer = try await worker.post(
                    "/worker/v1/sync",
                    Self.sync(claiming: 0, heartbeats: [stale])
                )
                #expect(answer.json.heartbeats[0].verdict == "stale", "\(answer.text)")
                let log = try await worker.send(
                    "PUT",
                    "/worker/v1/attempts/\(attempt)/steps/0/log?offset=0&fence=\(fence - 1)",
                    body: Data("late".utf8)
                )
                #expect(log.status == 409, "\(log.status) \(log.text)")
            }
        }

        @Test func `a body without end is refused`() async throws {
            try await withServer { server, _ in
                let flood = Data(repeating: UInt8(ascii: "x"), count: 32 << 20)
                let answer = try await server.api.send("POST", "/api/v1/repositories", body: flood)
                #expect(answer.status == 413, "\(answer.status)")
                #expect(try await server.api.get("/readyz").status == 200)
            }
        }

        @Test func `what is not there is not found, and what is wrong is said`() async throws {
            try await withServer { server, _ in
                for path in [
                    "/api/v1/builds/999", "/api/v1/builds/x", "/api/v1/repositories/no",
                    "/api/v1/jobs/1/steps/1/log", "/cs/v1/channels/no/no", "/no",
                ] {
                    #expect(try await server.api.get(path).status == 404, "\(path)")
                }
                for name in ["", "../up", ".hidden", "a b", "ü"] {
                    let answer = try await server.api.post(
                        "/api/v1/repositories",
                        ["name": .string(name), "url": "/nowhere"]
                    )
                    #expect((400..<500).contains(answer.status), "\(name): \(answer.status)")
                    #expect(answer.json.detail.string?.isEmpty == false, "\(answer.text)")
                }
            }
        }

        @Test func `a stopped Docker engine is said, and the build is nobody's failure`()
            async throws
        {
            let dead = ["DOCKER_HOST": "unix:///nonexistent/docker.sock"]
            try await withServer(environment: dead) { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let sha = try await repository.push([
                    "pipelines/main.yml": "image: busybox:1\nsteps: [{ run: \"true\" }]\n"
                ])
                let build = try await eventually("it says that Docker is away") {
                    let build = try await server.build(of: sha)
                    let text = try await server.everythingSaid(of: build ?? .null)
                    return text.lowercased().contains("docker") ? build : nil
                }
                #expect(build.result != "success")
                #expect(build.result != "failure")
            }
        }

        private static func sync(claiming slots: Int, heartbeats: [JSON] = []) -> JSON {
            var body: [String: JSON] = [
                "protocol": 1,
                "worker": ["labels": [], "slots": 1, "version": "test", "is_draining": false],
                "accepts": [], "heartbeats": .array(heartbeats), "finishes": [],
            ]
            if slots > 0 { body["claim"] = ["free_slots": 1, "wait": 1] }
            return .object(body)
        }
    }
}

extension Server {
    /// A build with the logs of its jobs' set-ups.
    fileprivate func everythingSaid(of build: JSON) async throws -> String {
        var text = "\(build)"
        for job in build.jobs.elements {
            text += String(decoding: try await log(of: job, step: 0), as: UTF8.self)
        }
        return text
    }
}
