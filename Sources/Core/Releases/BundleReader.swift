/// Takes a bundle apart as its pieces arrive.
///
/// Holds at most one unfinished frame, and refuses frames larger than the limit before their
/// bytes come.
package struct BundleReader: Sendable {
    /// A whole frame: its head and its bytes, still packed.
    package struct Frame: Equatable, Sendable {
        package var head: BundleFrame
        package var bytes: [UInt8]

        package init(head: BundleFrame, bytes: [UInt8]) {
            self.head = head
            self.bytes = bytes
        }
    }

    private let frameBytesMax: Int
    private var pending: [UInt8] = []
    private var hasMagic = false

    /// - Parameter frameBytesMax: the largest frame taken, in bytes, packed or not.
    package init(frameBytesMax: Int) {
        self.frameBytesMax = frameBytesMax
    }

    /// Takes the next bytes and gives back the frames they complete.
    package mutating func read(_ piece: some Sequence<UInt8>) throws(ReleaseProblem) -> [Frame] {
        pending.append(contentsOf: piece)
        if !hasMagic {
            guard pending.count >= BundleFrame.magic.count else { return [] }
            guard pending.starts(with: BundleFrame.magic) else {
                throw ReleaseProblem("this is no bundle: it does not begin with CSB1")
            }
            pending.removeFirst(BundleFrame.magic.count)
            hasMagic = true
        }
        var frames: [Frame] = []
        var consumed = 0
        while let frame = try nextFrame(in: pending[consumed...]) {
            frames.append(frame)
            consumed += BundleFrame.headByteCount + frame.bytes.count
        }
        pending.removeFirst(consumed)
        return frames
    }

    /// Checks that the bundle ended where a frame did.
    package func finish() throws(ReleaseProblem) {
        guard hasMagic, pending.isEmpty else {
            throw ReleaseProblem("the bundle ends in the middle of a frame; send it again")
        }
    }

    private func nextFrame(in rest: ArraySlice<UInt8>) throws(ReleaseProblem) -> Frame? {
        guard rest.count >= BundleFrame.headByteCount else { return nil }
        let head = try BundleFrame(head: rest.prefix(BundleFrame.headByteCount))
        guard max(head.rawCount, head.storedCount) <= frameBytesMax else {
            throw ReleaseProblem(
                "frame \(head.digest) has \(max(head.rawCount, head.storedCount)) bytes;"
                    + " \(frameBytesMax) is the limit of a frame, larger blobs go one by one"
            )
        }
        let end = BundleFrame.headByteCount + head.storedCount
        guard rest.count >= end else { return nil }
        let bytes = Array(rest.dropFirst(BundleFrame.headByteCount).prefix(head.storedCount))
        return Frame(head: head, bytes: bytes)
    }
}
