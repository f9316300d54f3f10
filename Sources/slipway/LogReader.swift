import AsyncHTTPClient
import Core
import NIOCore
import NIOHTTP1
import Wire

/// Reads the logs of one job's steps.
struct LogReader {
    var connection: Connection
    var job: Int64
    var output = Output.standard

    func steps() async throws -> [StepMessage] {
        try await message().steps
    }

    /// Waits for a step, or the first behind it that runs; nil when the job ends without one.
    func begun(_ index: Int) async throws -> StepMessage? {
        let found: [StepMessage] = try await connection.watch {
            let job = try await message()
            let begun = job.steps.first {
                $0.index >= index && $0.state != .waiting && $0.result != .skipped
            }
            if let begun { return [begun] }
            return job.state == .finished ? [] : nil
        }
        return found.first
    }

    /// Prints a step's log; one that is followed goes on where it was when the server was away.
    func print(_ step: Int, follow: Bool) async throws {
        var offset = 0
        var patience = Patience()
        while true {
            do {
                return try await printOnce(step, follow: follow, offset: &offset)
            } catch let error as CommandError where follow && error.status == .exception {
                try patience.endure(error)
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func printOnce(_ step: Int, follow: Bool, offset: inout Int) async throws {
        let path = try APIPath("api/v1/jobs", "\(job)", "steps", "\(step)", "log")
        let headers = [("Accept", "text/plain")]
        let response = try await connection.stream(
            path.with("follow", follow ? "1" : nil),
            headers: offset > 0 ? headers + [("Range", "bytes=\(offset)-")] : headers
        )
        // A server that ignores the range sends again what was printed.
        var skipped = response.status == .partialContent ? 0 : offset
        do {
            for try await piece in response.body {
                let bytes = piece.readableBytesView.dropFirst(skipped)
                skipped = max(0, skipped - piece.readableBytes)
                output.bytes(bytes)
                offset += bytes.count
            }
        } catch {
            throw CommandError(.exception, "the log broke off at byte \(offset)")
        }
    }

    private func message() async throws -> JobMessage {
        try await connection.get(try APIPath("api/v1/jobs", "\(job)"))
    }
}
