import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// Steps that mean harm are ended, and the next build does not notice.
    @Suite struct HostileStepTests {
        @Test(.timeLimit(.minutes(3)))
        func `a hostile step ends by its timeout and the worker goes on`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                for script in Self.hostile {
                    let build = try await server.run(
                        """
                        image: busybox:1
                        steps:
                          - name: harm
                            timeout: 3s
                            run: sh harm.sh
                        """,
                        files: ["harm.sh": script],
                        from: repository
                    )
                    #expect(build.result == "failure", "\(script): \(build)")
                    try await Self.isWell(server, repository)
                }
                try await server.leavesNoContainer()
            }
        }

        @Test func `a step that fills the shared memory fails alone`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(
                    """
                    image: busybox:1
                    steps: [{ run: "dd if=/dev/zero of=/dev/shm/full bs=1M count=4096" }]
                    """,
                    from: repository
                )
                #expect(build.result == "failure", "\(build)")
                let log = try await server.log(of: build.jobs[0], step: 1)
                #expect(String(decoding: log, as: UTF8.self).contains("No space left on device"))
                try await Self.isWell(server, repository)
            }
        }

        private static let hostile = [
            "trap '' TERM INT HUP\nwhile :; do sleep 1; done\n",
            "(trap '' HUP; while :; do sleep 1; done) &\nsleep 1000\n",
            "f() { f | f & }\nf\nsleep 1000\n",
        ]

        private static func isWell(
            _ server: Server,
            _ repository: SampleRepository
        ) async throws {
            let build = try await server.run(
                "image: busybox:1\nsteps: [{ run: \"true\" }]\n",
                from: repository
            )
            #expect(build.result == "success", "\(build)")
        }
    }
}
