import CodeStore
import Core
import TestSupport
import Testing

@Suite struct BlobTests {
    @Test(arguments: [0, 1, 4096, 65_536, 65_537, 300_000, 1_500_000])
    func `what is put comes back`(size: Int) async throws {
        try await withStore { store, _ in
            let bytes = noise(size, seed: 1)
            let put = try await store.put(bytes, at: dawn)
            #expect(put == digest(bytes))
            #expect(try await store.size(of: put) == size)
            #expect(try await store.bytes(of: put).collect(upTo: size) == bytes)
        }
    }

    @Test func `text is packed, and comes back as it was`() async throws {
        try await withStore { store, scratch in
            let bytes = Array(
                String(repeating: "def shop(): return 'a shop'\n", count: 40_000).utf8
            )
            let put = try await store.put(bytes, at: dawn)
            #expect(try await store.bytes(of: put).collect(upTo: bytes.count) == bytes)
            try store.close()
            #expect(try Look(scratch).number("SELECT sum(length(data)) FROM chunk") < 100_000)
            #expect(try Look(scratch).number("SELECT sum(codec = 0) FROM chunk") == 0)
        }
    }

    @Test func `any part of a blob can be read`() async throws {
        try await withStore { store, _ in
            let bytes = noise(400_000, seed: 2)
            let put = try await store.put(bytes, at: dawn)
            var random = SystemRandomNumberGenerator()
            for _ in 0..<40 {
                let start = Int.random(in: 0...bytes.count, using: &random)
                let end = Int.random(in: start...bytes.count, using: &random)
                let part = try await store.bytes(of: put, in: start..<end)
                #expect(part.byteCount == end - start)
                #expect(try await part.collect(upTo: bytes.count) == Array(bytes[start..<end]))
            }
            let beyond = try await store.bytes(of: put, in: 399_990..<500_000)
            #expect(try await beyond.collect(upTo: 10) == Array(bytes.suffix(10)))
        }
    }

    @Test func `a blob arrives in pieces of any size`() async throws {
        try await withStore { store, _ in
            let bytes = noise(400_000, seed: 3)
            for piece in [997, 65_536, 262_144] {
                var writer = store.blobWriter(for: digest(bytes))
                for start in stride(from: 0, to: bytes.count, by: piece) {
                    try await writer.append(Array(bytes[start..<min(start + piece, bytes.count)]))
                }
                #expect(try await writer.finish(at: dawn) == digest(bytes))
            }
            #expect(
                try await store.bytes(of: digest(bytes)).collect(upTo: bytes.count) == bytes
            )
        }
    }

    @Test func `bytes that are not the announced ones are refused`() async throws {
        try await withStore { store, _ in
            let announced = digest(Array("right".utf8))
            var writer = store.blobWriter(for: announced)
            try await writer.append(Array("wrong".utf8))
            let error = await #expect(throws: CodeStoreError.self) {
                try await writer.finish(at: dawn)
            }
            let actual = digest(Array("wrong".utf8))
            #expect(error == .digestMismatch(announced: announced, actual: actual))
            #expect(try await store.missing([announced, actual], at: dawn) == [announced, actual])
        }
    }

    @Test func `what is missing is told once and in order`() async throws {
        try await withStore { store, _ in
            let there = try await store.put([1], at: dawn)
            let (a, b) = (digest([2]), digest([3]))
            #expect(try await store.missing([b, there, a, b], at: dawn) == [b, a])
            let many = Array(repeating: a, count: CodeStoreDatabase.digestsMax + 1)
            await #expect(throws: CodeStoreError.self) { try await store.missing(many, at: dawn) }
        }
    }

    @Test func `a batch stores packed and plain frames`() async throws {
        try await withStore { store, _ in
            let text = Array(String(repeating: "shop ", count: 30_000).utf8)
            let source = try await store.put(text, at: dawn)
            #expect(source == digest(text))
            let frames = [[UInt8]("a".utf8), [], noise(200_000, seed: 4)].map { bytes in
                BundleReader.Frame(
                    head: BundleFrame(
                        digest: digest(bytes),
                        codec: .raw,
                        rawCount: bytes.count,
                        storedCount: bytes.count
                    ),
                    bytes: bytes
                )
            }
            try await store.put(frames, at: dawn)
            for frame in frames {
                let bytes = try await store.bytes(of: frame.head.digest).collect(upTo: 1 << 20)
                #expect(bytes == frame.bytes)
            }
            try await store.put(frames, at: dawn)
        }
    }

    @Test func `a frame that is not what its head says is refused, and all with it`() async throws {
        try await withStore { store, _ in
            let good = [UInt8]("good".utf8)
            let frame = { (bytes: [UInt8], codec: BundleFrame.Codec, count: Int) in
                BundleReader.Frame(
                    head: BundleFrame(
                        digest: digest(good),
                        codec: codec,
                        rawCount: count,
                        storedCount: bytes.count
                    ),
                    bytes: bytes
                )
            }
            for bad in [
                frame(Array("evil".utf8), .raw, 4), frame(good, .raw, 5),
                frame(good, .deflate, 4), frame([], .deflate, 4),
            ] {
                await #expect(throws: CodeStoreError.self) { try await store.put([bad], at: dawn) }
            }
            let missing = try await store.missing([digest(good)], at: dawn)
            #expect(missing.count == 1)
        }
    }

    @Test func `two writers of the same blob do not disturb each other`() async throws {
        try await withStore { store, _ in
            let bytes = noise(800_000, seed: 5)
            try await withThrowingTaskGroup(of: ContentDigest.self) { group in
                for _ in 0..<4 { group.addTask { try await store.put(bytes, at: dawn) } }
                for try await put in group { #expect(put == digest(bytes)) }
            }
            #expect(
                try await store.bytes(of: digest(bytes)).collect(upTo: bytes.count) == bytes
            )
        }
    }

    @Test func `a reader that is not there is told so`() async throws {
        try await withStore { store, _ in
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.bytes(of: digest([1]))
            }
            #expect(error?.description == "there is no blob \(digest([1]))")
        }
    }
}
