import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// `kill -9` at moments nobody chose, judged by a ledger that the steps write themselves.
    @Suite struct KillTests {
        private static let afloatMax = 3

        @Test(.timeLimit(.minutes(6)))
        func `twenty killed masters lose nothing and run nothing twice`() async throws {
            try await withServer(.master) { master, scratch in
                try await Self.withWorker(of: master, in: scratch) { worker in
                    try await Self.kill(master, times: 20, of: master, worker, in: scratch)
                }
            }
        }

        @Test(.timeLimit(.minutes(6)))
        func `twenty killed workers lose nothing and run nothing twice`() async throws {
            try await withServer(.master) { master, scratch in
                try await Self.withWorker(of: master, in: scratch) { worker in
                    try await Self.kill(worker, times: 20, of: master, worker, in: scratch)
                }
            }
        }

        @Test(.timeLimit(.minutes(6)))
        func `ten times both at once, nothing is lost and nothing runs twice`() async throws {
            try await withServer(.up) { server, scratch in
                try await Self.kill(server, times: 10, of: server, nil, in: scratch)
            }
        }

        /// Keeps builds running, kills and starts the victim again and again, and then checks.
        private static func kill(
            _ victim: Server,
            times: Int,
            of master: Server,
            _ worker: Server?,
            in scratch: Scratch
        ) async throws {
            try await withLedger { ledger in
                let repository = try await SampleRepository(in: scratch)
                try await master.add(repository)
                var fleet = Fleet(repository: repository, ledger: ledger)
                for _ in 0..<times {
                    while await fleet.afloat(on: master) < afloatMax {
                        try await fleet.launch()
                    }
                    try await randomMoment(in: 50...1500)
                    try await victim.kill9()
                    try victim.start()
                    try await master.ready()
                }
                try await fleet.check(on: master, worker)
            }
        }

        private static func withWorker(
            of master: Server,
            in scratch: Scratch,
            _ body: (Server) async throws -> Void
        ) async throws {
            let token = try await master.api.post(
                "/api/v1/tokens",
                ["name": "w1", "kind": "worker"]
            )
            let file = try scratch.write(token.json.token.string ?? "", to: "worker-token")
            let worker = try Server(
                .worker(of: master.address, name: "w1", tokenFile: file.path),
                in: scratch,
                arguments: ["--slots", "4"]
            )
            do {
                try await body(worker)
                await worker.end()
            } catch {
                print("the worker's last words:\n\(worker.log.suffix(4000))")
                await worker.end()
                throw error
            }
        }
    }
}
