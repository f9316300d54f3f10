import Core
import JobRunner
import Synchronization

/// Turns what a runner tells of a job into events with the bytes in them.
final class OutputTeller: Sendable {
    private let berth: Berth
    private let tell: @Sendable (LocalEvent) -> Void
    /// Steps that an earlier part of the job has done and told.
    private let passed: Int
    /// By step: how far its log has been told.
    private let told = Mutex<[Int: Int]>([:])

    private static let pieceBytes = 1 << 16

    init(_ berth: Berth, behind passed: Int, tell: @escaping @Sendable (LocalEvent) -> Void) {
        self.berth = berth
        self.passed = passed
        self.tell = tell
    }

    private var spec: JobSpec { berth.assignment.spec }

    private func name(of step: Int) -> String {
        step == 0 ? "Set up" : spec.steps[step - 1].name
    }

    @Sendable func hear(_ event: JobEvent) {
        switch event {
        case .stepStarted(let note):
            tell(.stepStarted(job: spec.name, step: note.index, name: name(of: note.index)))
        case .output(let step, let length):
            advance(step, to: length)
        case .stepFinished(let note) where note.index > 0 && note.index <= passed:
            return
        case .stepFinished(let note):
            advance(note.index, to: note.logLength ?? 0)
            tell(
                .stepEnded(
                    job: spec.name,
                    step: note.index,
                    name: name(of: note.index),
                    result: note.result ?? .exception,
                    reason: note.reason ?? note.exitCode.flatMap(Self.words)
                )
            )
        case .remark(let text):
            tell(.remark(job: spec.name, text: text))
        }
    }

    private static func words(ofExit code: Int) -> String? {
        code == 0 ? nil : "exit code \(code)"
    }

    private func advance(_ step: Int, to length: Int) {
        told.withLock { told in
            var offset = told[step] ?? 0
            while offset < length {
                let count = min(Self.pieceBytes, length - offset)
                guard let log = try? berth.log(of: step),
                    let bytes = try? log.read(at: offset, count: count), !bytes.isEmpty
                else { break }
                tell(.output(job: spec.name, step: step, bytes: bytes))
                offset += bytes.count
            }
            told[step] = offset
        }
    }
}
