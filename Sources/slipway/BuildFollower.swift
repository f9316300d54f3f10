import ArgumentParser
import AsyncHTTPClient
import Core
import Foundation
import NIOCore
import Wire

/// Tells of builds that were just started, and follows them to their end when asked to.
struct BuildFollower {
    var connection: Connection
    var isJSON: Bool
    var output = Output.standard

    /// Prints what the server started, or what became of it.
    func tell(_ answer: Data, wait: Bool) async throws {
        let started: StartedBuildsMessage = try Connection.decode(answer)
        if !wait, isJSON { return output.json(answer) }
        for build in started.builds where !isJSON { introduce(build) }
        if started.builds.isEmpty { output.note("no pipeline was started") }
        guard wait else { return }
        let ended = try await follow(started.builds.map(\.id))
        if isJSON { output.json(try json(ended)) }
        let status = Self.status(of: ended)
        if status != .done { throw ExitCode(status.rawValue) }
    }

    /// The worst of the results decides.
    static func status(of builds: [BuildMessage]) -> CommandStatus {
        CommandStatus(overall(builds.map { $0.result ?? .exception }))
    }

    private func introduce(_ build: BuildMessage) {
        output.line([
            Tinted("build \(build.id)", .bold),
            Tinted("\(build.repository) #\(build.number) \(build.pipeline)"),
            Tinted("\(Ref.short(build.ref)) \(Spoken.short(build.sha))", .dim),
            Tinted(Spoken.subject(build.message)),
        ])
        output.line([Tinted("  \(page(of: build.id))", .dim)])
    }

    private func page(of build: Int64) -> String {
        (try? APIPath("builds", "\(build)").url(on: connection.server)) ?? ""
    }

    private func follow(_ ids: [Int64]) async throws -> [BuildMessage] {
        var stories: [Int64: BuildStory] = [:]
        var ended: [Int64: BuildMessage] = [:]
        return try await connection.watch {
            for id in ids where ended[id] == nil {
                let build: BuildMessage = try await connection.get(
                    try APIPath("api/v1/builds", "\(id)")
                )
                if !isJSON {
                    for line in stories[id, default: BuildStory()].news(in: build) {
                        output.line(ids.count > 1 ? [Tinted("\(id)", .dim)] + line : line)
                    }
                }
                guard build.state == .finished else { continue }
                ended[id] = build
                if !isJSON { await conclude(build) }
            }
            return ended.count == ids.count ? ids.compactMap { ended[$0] } : nil
        }
    }

    private func conclude(_ build: BuildMessage) async {
        for problem in build.problems ?? [] { output.line(printable(problem.description)) }
        for job in build.jobs ?? [] {
            for step in job.steps {
                switch step.result {
                case .failure, .exception: await showEnd(of: step, in: job)
                case .success, .warnings, .skipped, .retry, .cancelled, nil: continue
                }
            }
        }
        output.line([
            Tinted("build \(build.id):", .bold),
            build.state.word(build.result),
            Tinted(
                Spoken.span(from: build.startedAt, to: build.finishedAt, now: Date()),
                .dim
            ),
        ])
    }

    /// The last lines of a step that went wrong: what its reader looks for first.
    private func showEnd(of step: StepMessage, in job: JobMessage) async {
        output.line([Tinted("--- the end of \(job.name) / \(step.name)", .red)])
        let bytesMax = 16_384
        guard let path = try? APIPath("api/v1/jobs", "\(job.id)", "steps", "\(step.index)", "log"),
            let response = try? await connection.stream(
                path,
                headers: [("Range", "bytes=-\(bytesMax)")]
            ), let log = try? await response.body.collect(upTo: 4 * bytesMax)
        else {
            return output.line([Tinted("(no log)", .dim)])
        }
        let lines = String(buffer: log).split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        )
        for line in lines.drop(while: \.isEmpty).suffix(21) { output.line(printable(String(line))) }
        output.line([Tinted("--- all of it: slipway logs \(job.id) --step \(step.index)", .dim)])
    }

    private func json(_ builds: [BuildMessage]) throws -> Data {
        try WireCoding.encoder().encode(StartedBuildsMessage(builds: builds))
    }
}
