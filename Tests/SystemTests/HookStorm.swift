import AsyncHTTPClient
import Foundation
import TestSupport
import Testing

/// Pushes and the deliveries that tell of them, each twice, as an eager forge sends them.
struct HookStorm: Sendable {
    let master: Server
    let repository: SampleRepository
    let secret: String

    /// At once, as a forge with many hooks has them.
    private static let lanes = 16

    init(_ master: Server, _ repository: SampleRepository) async throws {
        self.master = master
        self.repository = repository
        let hook = try await master.api.post("/api/v1/repositories/shop/hook")
        secret = hook.json.secret.string ?? ""
    }

    /// Puts a commit of its own onto each of so many new branches, in one go.
    func push(_ round: Int, branches: Int) async throws -> [(ref: String, sha: String)] {
        let pipeline = "on: { push: {} }\nimage: busybox:1\nsteps: [{ run: \"true\" }]\n"
        let stream = (0..<branches).map { number in
            """
            commit refs/heads/round-\(round)/\(number)
            committer Ada Lovelace <ada@example.org> \(1_700_000_000 + round) +0000
            data 11
            Storm \(String(format: "%05d", number))
            M 100644 inline pipelines/main.yml
            data \(pipeline.utf8.count)
            \(pipeline)

            """
        }.joined()
        try await git(["fast-import", "--quiet", "--done"], input: stream + "done\n")
        let refs = try await git([
            "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/round-\(round)",
        ])
        return refs.split(separator: "\n").map { line in
            (ref: String(line.dropFirst(41)), sha: String(line.prefix(40)))
        }
    }

    /// Sends every delivery twice, in no order, each until it was taken.
    func deliver(_ moves: [(ref: String, sha: String)]) async throws {
        let queue = (moves + moves).shuffled()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<Self.lanes {
                group.addTask {
                    for index in stride(from: lane, to: queue.count, by: Self.lanes) {
                        try await deliver(queue[index])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func deliver(_ move: (ref: String, sha: String)) async throws {
        let none = String(repeating: "0", count: 40)
        let body = Data("\(none) \(move.sha) \(move.ref)\n".utf8)
        let headers = ["X-Slipway-Token": secret, "X-Slipway-Delivery": move.ref]
        try await eventually("the delivery of \(move.ref) is taken", within: .seconds(120)) {
            // While the master is away nobody answers, and a forge comes back.
            let answer = try? await master.stranger.send(
                "POST",
                "/hooks/git/shop",
                headers: headers,
                body: body,
                within: .seconds(10)
            )
            return answer?.status == 202
        }
    }

    /// What was started in all, each as its commit.
    func started() async throws -> [String] {
        var shas: [String] = []
        var cursor = ""
        repeat {
            let page = try await master.api.json(
                "/api/v1/repositories/shop/builds?limit=200" + cursor
            )
            shas += page.items.elements.compactMap(\.sha.string)
            cursor = page.next_cursor.string.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        return shas
    }

    /// Whether all of the newest deliveries were acted on.
    func isCalm() async throws -> Bool {
        let list = try await master.api.json("/api/v1/repositories/shop/deliveries?limit=200")
        return list.items.elements.allSatisfy { $0.outcome != .null }
    }

    @discardableResult
    private func git(_ arguments: [String], input: String? = nil) async throws -> String {
        try await Command.run("git", ["-C", repository.bare.path] + arguments, input: input)
            .orThrow().text
    }
}
