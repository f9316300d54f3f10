import Foundation
import TestSupport
import Testing

extension SystemTests {
    @Suite struct BadRepositoryTests {
        private static let pipeline = "image: busybox:1\nsteps: [{ run: \"true\" }]\n"

        @Test func `names and messages with quotes and HTML are shown as they are`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let branch = "it's/\"<b>bold</b>&"
                let message = "<script>alert(1)</script>\n\nsecond 'line' \"quoted\""
                let sha = try await repository.push(
                    ["pipelines/main.yml": Self.pipeline],
                    message: message,
                    to: branch
                )
                let build = try await server.finishedBuild(of: sha)
                #expect(build.result == "success", "\(build)")
                #expect(build.ref == .string("refs/heads/" + branch))
                #expect(build.message.string?.hasPrefix(message) == true)
                for path in ["/", "/repositories/shop", "/builds/\(build.id.int ?? 0)"] {
                    let page = try await server.api.get(path)
                    #expect(page.status == 200)
                    #expect(!page.text.contains("<b>bold"), "\(path)")
                    #expect(!page.text.contains("<script>alert"), "\(path)")
                }
            }
        }

        @Test func `a commit without a message is built`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let sha = try await repository.push(
                    ["pipelines/main.yml": Self.pipeline],
                    message: ""
                )
                let build = try await server.finishedBuild(of: sha)
                #expect(build.result == "success", "\(build)")
                #expect(build.message == "")
                let page = try await server.api.get("/builds/\(build.id.int ?? 0)")
                #expect(page.status == 200)
            }
        }

        @Test func `empty and deleted repositories never delay another`() async throws {
            try await withServer { server, scratch in
                let good = try await SampleRepository(in: scratch)
                let empty = try await SampleRepository(in: scratch, name: "empty")
                let gone = try await SampleRepository(in: scratch, name: "gone")
                try await gone.push(["a.txt": "a\n"])
                try await server.add(empty, as: "empty")
                try await server.add(gone, as: "gone")
                try await server.add(good)
                #expect(
                    try await server.api.json("/api/v1/repositories/empty").fetch_error == .null
                )
                try FileManager.default.removeItem(at: gone.bare)
                let build = try await server.run(Self.pipeline, from: good)
                #expect(build.result == "success", "\(build)")
                // A person's own request fetches first, and finds that nothing is there.
                let answer = try await server.api.post("/api/v1/repositories/gone/builds")
                #expect((400..<500).contains(answer.status), "\(answer.text)")
                let error = try await eventually("its page says that it is gone") {
                    try await server.api.json("/api/v1/repositories/gone").fetch_error.string
                }
                #expect(!error.isEmpty)
                #expect(try await server.api.get("/repositories/gone").status == 200)
            }
        }
    }
}
