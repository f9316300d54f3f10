import Core
import Foundation
import TestSupport
import Testing

@Suite struct SkipTests {
    @Test func `a commit that asks not to be built is not and the next one is`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let files = ["pipelines/main.yml": onePipeline]
            try await repository.push(files, message: "Fix a comma [skip ci]")
            let sha = try await repository.push(["a.txt": "1"], message: "Fix another")
            _ = try await live.build(of: sha)
            #expect(try await live.admin.json("/api/v1/builds").items.elements.count == 1)
        }
    }

    @Test func `a push with the option is not built`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let forging = try await Forging(live)
            let away = repository.bare.path + ".away"
            try FileManager.default.moveItem(atPath: repository.bare.path, toPath: away)
            let sha = try await repository.commit(["pipelines/main.yml": onePipeline])
            let body = "\(sha) \(sha) refs/heads/main\npush-option: ci.skip\n"
            #expect(try await forging.send(.git, event: "", id: "a", body).status == 202)
            try await repository.git(["push", "--quiet", away, "HEAD:refs/heads/main"])
            try FileManager.default.moveItem(atPath: away, toPath: repository.bare.path)
            try await eventually("the delivery was acted on") {
                try await forging.deliveries().first?.outcome.string
                    == "fetched; ci.skip starts no builds"
            }
            let next = try await repository.push(["a.txt": "1"])
            _ = try await live.build(of: next)
            #expect(try await live.admin.json("/api/v1/builds").items.elements.count == 1)
        }
    }

    @Test func `an option that is told of late cancels what the look began`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let forging = try await Forging(live)
            let build = try await live.build(in: repository)
            let sha = build.sha.string ?? ""
            let body = "\(sha) \(sha) refs/heads/main\npush-option: ci.skip\n"
            #expect(try await forging.send(.git, event: "", id: "b", body).status == 202)
            try await eventually("the build was cancelled") {
                let build = try await live.admin.json("/api/v1/builds/\(build.id.int ?? 0)")
                return build.result.string == "cancelled"
            }
            try await eventually("the delivery says so") {
                try await forging.deliveries().first?.outcome.string
                    == "fetched; cancelled 1 build, as ci.skip asks"
            }
        }
    }
}
