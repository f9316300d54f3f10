import Core
import Testing

@Suite struct BundleTests {
    private func frame(_ bytes: [UInt8], rawCount: Int? = nil) -> BundleReader.Frame {
        BundleReader.Frame(
            head: BundleFrame(
                digest: .zero,
                codec: rawCount == nil ? .raw : .deflate,
                rawCount: rawCount ?? bytes.count,
                storedCount: bytes.count
            ),
            bytes: bytes
        )
    }

    private func bundle(_ frames: [BundleReader.Frame]) -> [UInt8] {
        BundleFrame.magic + frames.flatMap { $0.head.head + $0.bytes }
    }

    @Test func `a head is 42 bytes, numbers big-endian`() throws {
        let head = frame([1, 2, 3], rawCount: 0x0102_0304).head
        #expect(head.head.count == BundleFrame.headByteCount)
        #expect(head.head.suffix(10) == [0, 1, 1, 2, 3, 4, 0, 0, 0, 3])
        #expect(try BundleFrame(head: head.head[...]) == head)
    }

    @Test(arguments: [1, 2, 3, 41, 42, 43, 1000])
    func `frames come whole, however the pieces are cut`(pieceSize: Int) throws {
        let frames = [frame([]), frame([9]), frame(Array(repeating: 7, count: 100), rawCount: 300)]
        let bytes = bundle(frames)
        var reader = BundleReader(frameBytesMax: 1000)
        var read: [BundleReader.Frame] = []
        for start in stride(from: 0, to: bytes.count, by: pieceSize) {
            read += try reader.read(bytes[start..<min(start + pieceSize, bytes.count)])
        }
        try reader.finish()
        #expect(read == frames)
    }

    @Test func `what is no bundle is refused at once`() {
        var reader = BundleReader(frameBytesMax: 1000)
        #expect(throws: ReleaseProblem.self) { try reader.read(Array("PK\u{3}\u{4}".utf8)) }
    }

    @Test func `a frame over the limit is refused before its bytes come`() {
        for head in [frame([], rawCount: 1001).head, frame(Array(repeating: 0, count: 1001)).head] {
            var reader = BundleReader(frameBytesMax: 1000)
            #expect(throws: ReleaseProblem.self) { try reader.read(BundleFrame.magic + head.head) }
        }
    }

    @Test func `an unknown kind or codec is refused`() {
        for place in [32, 33] {
            var head = frame([]).head.head
            head[place] = 9
            var reader = BundleReader(frameBytesMax: 1000)
            #expect(throws: ReleaseProblem.self) { try reader.read(BundleFrame.magic + head) }
        }
    }

    @Test func `a bundle cut short is noticed`() throws {
        let bytes = bundle([frame([1, 2, 3])])
        for length in [0, 3, 10, bytes.count - 1] {
            var reader = BundleReader(frameBytesMax: 1000)
            _ = try reader.read(bytes.prefix(length))
            #expect(throws: ReleaseProblem.self) { try reader.finish() }
        }
    }
}
