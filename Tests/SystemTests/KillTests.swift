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
                let worker = try await Self.worker(of: master, in: scratch)
                try await Self.kill([master], times: 20, of: master, in: scratch)
                try await worker.kill9()
            }
        }

        @Test(.timeLimit(.minutes(6)))
        func `twenty killed workers lose nothing and run nothing twice`() async throws {
            try await withServer(.master) { master, scratch in
                let worker = try await Self.worker(of: master, in: scratch)
                try await Self.kill([worker], times: 20, of: master, in: scratch)
                try await worker.kill9()
            }
        }

        @Test(.timeLimit(.minutes(6)))
        func `ten times both at once, nothing is lost and nothing runs twice`() async throws {
            try await withServer(.up) { server, scratch in
                try await Self.kill([server], times: 10, of: server, in: scratch)
            }
        }

        /// Keeps builds running, kills and starts the victims again and again, and then checks.
        private static func kill(
            _ victims: [Server],
            times: Int,
            of master: Server,
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
                    for victim in victims { try await victim.kill9() }
                    for victim in victims { try victim.start() }
                    try await master.ready()
                }
                try await fleet.check(on: master)
            }
        }

        private static func worker(of master: Server, in scratch: Scratch) async throws -> Server {
            let token = try await master.api.post(
                "/api/v1/tokens",
                ["name": "w1", "kind": "worker"]
            )
            let file = try scratch.write(token.json.token.string ?? "", to: "worker-token")
            return try Server(
                .worker(of: master.address, name: "w1", tokenFile: file.path),
                in: scratch,
                arguments: ["--slots", "4"]
            )
        }
    }
}
