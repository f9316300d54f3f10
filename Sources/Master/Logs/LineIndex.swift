import Core
import Foundation
import Synchronization

/// Where the lines of a log begin: one mark every so many lines, kept while the log is read.
///
/// It is made of the log's bytes and grows with them, so it is only a memory: a restart loses
/// nothing.
final class LineIndex: Sendable {
    /// Lines between two marks.
    static let stride = 2_000

    private struct State {
        /// Offsets of line 1 and of each line that is a stride further.
        var marks = [0]
        var newlines = 0
        var length = 0
        var lastByte: UInt8 = 0x0A
    }

    private let state = Mutex(State())

    /// Takes in what the log has gained, and tells how many lines it has.
    func lines(of log: StepLog) throws -> Int {
        try state.withLock { state in
            let end = log.length
            while state.length < end {
                let piece = try log.read(
                    from: state.length,
                    count: min(1 << 20, end - state.length)
                )
                guard let last = piece.last else { break }
                take(piece, into: &state)
                state.lastByte = last
            }
            return state.newlines + (state.lastByte == 0x0A ? 0 : 1)
        }
    }

    private func take(_ piece: [UInt8], into state: inout State) {
        piece.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            var place = 0
            while place < bytes.count,
                let found = memchr(base + place, 0x0A, bytes.count - place)
            {
                place = UnsafeRawPointer(base).distance(to: found) + 1
                state.newlines += 1
                if state.newlines.isMultiple(of: Self.stride) {
                    state.marks.append(state.length + place)
                }
            }
        }
        state.length += piece.count
    }

    /// Where a line begins.
    func offset(ofLine line: Int, in log: StepLog) throws -> Int {
        let (mark, length) = state.withLock { state in
            (state.marks[min((line - 1) / Self.stride, state.marks.count - 1)], state.length)
        }
        var missing = (line - 1) % Self.stride
        var offset = mark
        while missing > 0, offset < length {
            let piece = try log.read(from: offset, count: min(256 << 10, length - offset))
            if piece.isEmpty { break }
            var used = 0
            for (place, byte) in piece.enumerated() where byte == 0x0A {
                missing -= 1
                used = place + 1
                if missing == 0 { return offset + used }
            }
            offset += piece.count
        }
        return offset
    }
}

/// The indexes of the logs that were read last; the oldest is forgotten first.
final class LineIndexes: Sendable {
    private static let countMax = 64

    private struct Key: Hashable {
        var attempt: Int64
        var step: Int
    }

    private let indexes = Mutex<[(key: Key, index: LineIndex)]>([])

    func index(of place: LogPlace) -> LineIndex {
        let key = Key(attempt: place.attempt.rawValue, step: place.step)
        return indexes.withLock { indexes in
            if let known = indexes.first(where: { $0.key == key })?.index { return known }
            if indexes.count >= Self.countMax { indexes.removeFirst() }
            let index = LineIndex()
            indexes.append((key, index))
            return index
        }
    }
}
