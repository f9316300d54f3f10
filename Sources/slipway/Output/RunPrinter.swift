import Core
import Foundation
import LocalRun
import Synchronization
import Wire

/// Shows a run as it goes: each line of output with the job it is of, and a table at the end.
final class RunPrinter: Sendable {
    private let isJSON: Bool
    private let hasSeveral: Bool
    /// By job: the beginning of a line that has not ended.
    private let started = Mutex<[String: [UInt8]]>([:])

    /// Longer lines are shown in pieces.
    private static let lineBytesMax = 1 << 16

    init(isJSON: Bool, hasSeveral: Bool) {
        self.isJSON = isJSON
        self.hasSeveral = hasSeveral
    }

    @Sendable func hear(_ event: LocalEvent) {
        guard !isJSON else { return }
        switch event {
        case .jobStarted(let name):
            line([Tinted(name, .bold), Tinted("runs", .cyan)])
        case .stepStarted(let job, let step, let name):
            guard step > 0 else { return }
            line([Tinted("\(job) /"), Tinted(name, .bold)])
        case .output(let job, let step, let bytes):
            guard step > 0 else { return }
            write(bytes, of: job)
        case .stepEnded(let job, let step, let name, let result, let reason):
            flush(job)
            guard step > 0 || !result.isGreen else { return }
            let why = reason.map { "(\($0))" } ?? ""
            line([Tinted("\(job) / \(name):"), result.word, Tinted(why)])
        case .jobEnded(let job):
            line([
                Tinted("\(job.name):", .bold), job.result.word,
                Tinted(job.reason.map { "(\($0))" } ?? ""),
            ])
        case .remark(let job, let text):
            line([Tinted("\(job):"), Tinted(text)])
        case .kept(let job, let command):
            note("\(job) is kept until the next run; look into it with:\n  \(command)")
        }
    }

    func note(_ text: String) { Output.standard.note(text) }

    private func line(_ parts: [Tinted]) { Output.standard.line(parts) }

    private func write(_ bytes: [UInt8], of job: String) {
        started.withLock { started in
            var rest = (started[job] ?? []) + bytes
            while let end = rest.firstIndex(of: 0x0A) {
                show(rest[..<end], of: job)
                rest.removeSubrange(...end)
            }
            if rest.count > Self.lineBytesMax {
                show(rest[...], of: job)
                rest = []
            }
            started[job] = rest
        }
    }

    private func flush(_ job: String) {
        started.withLock { started in
            guard let rest = started.removeValue(forKey: job), !rest.isEmpty else { return }
            show(rest[...], of: job)
        }
    }

    private func show(_ line: ArraySlice<UInt8>, of job: String) {
        let prefix = hasSeveral ? Array("\(printable(job)) | ".utf8) : []
        Output.standard.bytes(prefix + line + [0x0A])
    }

    /// The table of all jobs, or the outcome as JSON.
    func conclude(_ outcome: LocalOutcome) {
        if isJSON {
            if let json = try? WireCoding.encoder().encode(outcome) { Output.standard.json(json) }
            return
        }
        var table = Table("JOB", "RESULT", "TOOK", "")
        for job in outcome.jobs {
            table.add(
                Tinted(job.name),
                job.result.word,
                Tinted(job.seconds.map { Spoken.span($0) } ?? "-"),
                Tinted(job.reason ?? "")
            )
        }
        line([])
        Output.standard.table(table)
        for job in outcome.jobs {
            guard let summary = job.summary else { continue }
            line([])
            line([Tinted("Summary of \(job.name)", .bold)])
            for text in summary.split(separator: "\n", omittingEmptySubsequences: false) {
                Output.standard.line(printable(String(text)))
            }
        }
    }
}
