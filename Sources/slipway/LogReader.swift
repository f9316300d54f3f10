import AsyncHTTPClient
import Core
import NIOCore
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
                let isWhole = try await printSome(step, follow: follow, offset: &offset)
                if isWhole { return }
                patience.renew()
            } catch let error as CommandError where follow && error.status == .exception {
                try patience.endure(error)
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Prints until the end, which is true, or until a step that is followed has long been silent.
    private func printSome(_ step: Int, follow: Bool, offset: inout Int) async throws -> Bool {
        let path = try APIPath("api/v1/jobs", "\(job)", "steps", "\(step)", "log")
        let response = try await connection.stream(
            follow ? path.with("follow", "1").with("offset", "\(offset)") : path,
            headers: [("Accept", "text/plain")]
        )
        do {
            for try await piece in response.body {
                output.bytes(piece.readableBytesView)
                offset += piece.readableBytes
            }
            return true
        } catch let error as HTTPClientError where follow && error == .readTimeout {
            return false
        } catch {
            throw CommandError(.exception, "the log broke off at byte \(offset)")
        }
    }

    private func message() async throws -> JobMessage {
        try await connection.get(try APIPath("api/v1/jobs", "\(job)"))
    }
}
