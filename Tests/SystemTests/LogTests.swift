import Foundation
import TestSupport
import Testing

extension SystemTests {
    @Suite struct LogTests {
        private static let longLine = 10 << 20
        private static let wanted = 100 << 20
        /// Invalid UTF-8, a carriage return that is no line's end, and one that is.
        private static let piece = Data([0xFF, 0xFE, 0xC3, 0x28, 0x0D] + Array("50 %\r\n".utf8))

        private static let pipeline = """
            image: busybox:1
            steps:
              - name: flood
                run: |
                  head -c \(longLine) /dev/zero | tr '\\0' x
                  echo
                  yes "$(printf '\\377\\376\\303(\\r50 %%\\r')" | head -c \(wanted - longLine - 1)
            """

        private static var expected: Data {
            var log = Data(repeating: UInt8(ascii: "x"), count: longLine)
            log.append(UInt8(ascii: "\n"))
            let rest = wanted - log.count
            var pieces = Data(capacity: rest + piece.count)
            while pieces.count < rest { pieces.append(piece) }
            return log + pieces.prefix(rest)
        }

        @Test(.timeLimit(.minutes(5)))
        func `a log of 100 MB comes back byte by byte, whole and in ranges`() async throws {
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await server.add(repository)
                let build = try await server.run(
                    Self.pipeline,
                    from: repository,
                    within: .seconds(180)
                )
                #expect(build.result == "success", "\(build)")
                let job = build.jobs[0]
                #expect(job.steps[1].log_bytes.int == Self.wanted)
                let path = "/api/v1/jobs/\(job.id.int ?? 0)/steps/1/log"
                let whole = try await server.api.get(path, within: .seconds(120)).body
                // Not compared inside #expect: a failure would describe 200 MB.
                let isSame = whole == Self.expected
                #expect(isSame)

                let range = try await server.api.get(
                    path,
                    headers: ["range": "bytes=10485750-10485800"]
                )
                #expect(range.status == 206)
                #expect(range.body == whole[10_485_750...10_485_800])

                let page = try await server.api.get("/jobs/\(job.id.int ?? 0)")
                #expect(page.status == 200)
                #expect(page.body.count < 4 << 20, "the page loads a long log as it is read")
            }
        }

        @Test func `a log can be followed while its step runs`() async throws {
            try await withServer { server, scratch in
                try await withLedger { ledger in
                    let repository = try await SampleRepository(in: scratch)
                    try await server.add(repository)
                    // Ends when the follower has seen the first line and knocks on the ledger.
                    let sha = try await repository.push([
                        "pipelines/main.yml": """
                        image: busybox:1
                        steps: [{ run: "sh wait.sh" }]
                        """,
                        "wait.sh": "echo first\n" + ledger.mark("spoke") + "\nsleep 1\necho last\n",
                    ])
                    let job = try await eventually("its step speaks") {
                        let build = try await server.build(of: sha)
                        return ledger.lines.isEmpty ? nil : build?.jobs[0]
                    }
                    let log = try await server.api.get(
                        "/api/v1/jobs/\(job.id.int ?? 0)/steps/1/log?follow=1"
                    )
                    #expect(log.text == "first\nlast\n")
                }
            }
        }
    }
}
