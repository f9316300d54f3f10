import Core
import Testing

@testable import CodeStore

@Suite struct ContentChunkerTests {
    private func chunks(of bytes: [UInt8], inPiecesOf size: Int) -> [RawChunk] {
        var chunker = ContentChunker()
        var chunks: [RawChunk] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            chunks += chunker.append(bytes[start..<min(start + size, bytes.count)])
        }
        return chunks + chunker.finish()
    }

    @Test(arguments: 1...6)
    func `chunks joined are the bytes, however those arrive`(seed: Int) {
        let bytes = noise(Int.random(in: 0...400_000), seed: UInt64(seed))
        let whole = ContentChunker.chunks(of: bytes)
        #expect(whole.flatMap(\.bytes) == bytes)
        for _ in 0..<3 {
            let pieces = chunks(of: bytes, inPiecesOf: Int.random(in: 1_000...100_000))
            #expect(pieces == whole)
        }
    }

    @Test func `a file up to the largest chunk is one`() {
        #expect(ContentChunker.chunks(of: []).isEmpty)
        for size in [1, ContentChunker.sizeMin, 50_000, ContentChunker.sizeMax] {
            #expect(ContentChunker.chunks(of: noise(size, seed: 1)).count == 1)
        }
        #expect(ContentChunker.chunks(of: noise(ContentChunker.sizeMax + 1, seed: 1)).count > 1)
    }

    @Test func `chunks keep to their bounds`() {
        let sizes = ContentChunker.chunks(of: noise(1_500_000, seed: 9)).map(\.bytes.count)
        #expect(sizes.dropLast().allSatisfy { $0 > ContentChunker.sizeMin })
        #expect(sizes.allSatisfy { $0 <= ContentChunker.sizeMax })
        let mean = sizes.reduce(0, +) / sizes.count
        #expect((ContentChunker.sizeWished / 2...ContentChunker.sizeWished * 2).contains(mean))
    }

    @Test func `bytes without any variety are cut at the largest size`() {
        let sizes = ContentChunker.chunks(of: [UInt8](repeating: 0, count: 1_000_000))
            .map(\.bytes.count)
        #expect(sizes.dropLast().allSatisfy { $0 == ContentChunker.sizeMax })
    }

    @Test(arguments: 1...3)
    func `an insertion changes only the chunks around it`(seed: Int) {
        let before = noise(700_000, seed: UInt64(seed))
        var after = before
        let place = Int.random(in: 0...before.count)
        after.insert(contentsOf: noise(1_000, seed: 77), at: place)
        let known = Set(ContentChunker.chunks(of: before).map(\.digest))
        let new = ContentChunker.chunks(of: after).filter { !known.contains($0.digest) }
        #expect(new.reduce(0) { $0 + $1.bytes.count } < 300_000)
    }

    @Test func `the cuts are those of every version before`() {
        // A changed gear table or mask would share nothing with the stores out there.
        let sizes = ContentChunker.chunks(of: noise(200_000, seed: 42)).map(\.bytes.count)
        #expect(
            sizes == [
                16_807, 16_672, 17_965, 19_894, 18_705, 14_697, 20_859, 18_242, 9100, 9228, 4891,
                16_980, 15_960,
            ]
        )
    }
}

@Suite struct DeflateTests {
    @Test func `what does not save a tenth is left as it is`() {
        #expect(Deflate.packed(noise(50_000, seed: 1)) == nil)
        #expect(Deflate.packed(noise(100, seed: 1)) == nil)
        #expect(Deflate.packed([]) == nil)
    }

    @Test(arguments: [100, 20_000, 65_536])
    func `what is packed can be unpacked`(size: Int) throws {
        let bytes = (0..<size).map { UInt8($0 / 10 % 50) }
        let packed = try #require(Deflate.packed(bytes))
        #expect(packed.count < size / 2)
        #expect(try Deflate.unpacked(packed, count: size) == bytes)
    }

    @Test func `a length that is not announced is refused`() throws {
        let bytes = [UInt8](repeating: 1, count: 1000)
        let packed = try #require(Deflate.packed(bytes))
        for count in [0, 999, 1001] {
            #expect(throws: CodeStoreError.self) { try Deflate.unpacked(packed, count: count) }
        }
        #expect(throws: CodeStoreError.self) {
            try Deflate.unpacked(packed + [0], count: bytes.count)
        }
        #expect(throws: CodeStoreError.self) { try Deflate.unpacked([1, 2, 3], count: 3) }
    }
}
