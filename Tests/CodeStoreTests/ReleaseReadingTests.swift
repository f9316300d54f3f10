import Core
import Foundation
import TestSupport
import Testing

@testable import CodeStore

@Suite struct ReleaseReadingTests {
    @Test func `releases come newest first, page by page`() async throws {
        try await withStore { store, _ in
            for version in 1...5 { try await store.publish("\(version)", ["a": "\(version)"]) }
            let first = try await store.releases(of: "shop", limit: 2)
            #expect(first.map(\.version) == ["5", "4"])
            let next = try await store.releases(of: "shop", before: first.last?.id, limit: 9)
            #expect(next.map(\.version) == ["3", "2", "1"])
            #expect(try await store.releases(of: BuildID(7)).count == 5)
            #expect(try await store.releases(of: BuildID(9)).isEmpty)
            #expect(try await store.units().map(\.releases) == [5])
        }
    }

    @Test func `a file is found by channel and by version`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["shop/a.py": "one", "b": "same"])
            try await store.publish("2", ["shop/a.py": "two", "b": "same"])
            _ = try await store.promote(
                .version("1"),
                to: staging,
                as: PromotionIntent(actor: mira),
                at: dawn
            )
            for (place, text, version) in [
                ("dev", "two", "2"), ("staging", "one", "1"), ("1", "one", "1"), ("2", "two", "2"),
            ] {
                let file = try await store.file(try ReleasePath("shop/a.py"), of: "shop", at: place)
                #expect(try await store.text(file.digest) == text)
                #expect(file.version == version)
                #expect(file.mode == .file)
                #expect(file.size == 3)
            }
            for (path, place) in [
                ("shop", "dev"), ("shop/a", "1"), ("b", "production"), ("b", "3"),
            ] {
                await #expect(throws: CodeStoreError.self) {
                    try await store.file(try ReleasePath(path), of: "shop", at: place)
                }
            }
        }
    }

    @Test func `a difference names what is added, changed and removed`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["same": "s", "old": "o", "grown": "1"])
            try await store.publish("2", ["same": "s", "new": "s", "grown": "123"])
            let one = ReleaseChoice.version("1")
            let two = ReleaseChoice.version("2")
            let there = try await store.difference(of: "shop", from: one, to: two)
            #expect(there.added == [.init(path: "new", sizeBefore: nil, sizeAfter: 1)])
            #expect(there.removed == [.init(path: "old", sizeBefore: 1, sizeAfter: nil)])
            #expect(there.changed == [.init(path: "grown", sizeBefore: 1, sizeAfter: 3)])
            #expect(there.files.map(\.path) == ["grown", "new", "old"])
            // "new" has the bytes of "same", which the node has.
            #expect(there.bytesToFetch == 3)
            let same = try await store.difference(of: "shop", from: two, to: two)
            #expect(same.files.isEmpty && same.bytesToFetch == 0)
            let all = try await store.difference(of: "shop", from: nil, to: two)
            #expect(all.added.count == 3 && all.bytesToFetch == 4)
        }
    }

    @Test func `a mode is a difference`() async throws {
        try await withStore { store, _ in
            let plain = try await store.entry("run", Array("x".utf8))
            var other = plain
            other.mode = .executable
            for (version, entry) in [("1", plain), ("2", other)] {
                let draft = ReleaseDraft(unit: "shop", version: version, entries: [entry])
                _ = try await store.publish(draft, by: build, at: dawn)
            }
            let there = try await store.difference(
                of: "shop",
                from: .version("1"),
                to: .version("2")
            )
            #expect(there.changed.map(\.path) == ["run"])
            #expect(there.bytesToFetch == 0)
        }
    }

    @Test func `a manifest is read by its digest, and only a manifest`() async throws {
        try await withStore { store, _ in
            let release = try await store.publish("1", ["a": "x"]).release
            #expect(store.cachedManifest(release.digest) == nil)
            let manifest = try await store.manifest(release.digest)
            #expect(digest(manifest) == release.digest)
            #expect(store.cachedManifest(release.digest) == manifest)
            let blob = digest(Array("x".utf8))
            await #expect(throws: CodeStoreError.self) { try await store.manifest(blob) }
        }
    }
}

@Suite struct BundleReadingTests {
    private func blobs(in bundle: StoredBytes) async throws -> [String: [UInt8]] {
        var reader = BundleReader(frameBytesMax: 10 << 20)
        var blobs: [String: [UInt8]] = [:]
        var count = 0
        for try await piece in bundle {
            count += piece.count
            for frame in try reader.read(piece) {
                // Zlib's own tests of what it reads are not ours; Python unpacks those frames.
                if frame.head.codec == .raw { blobs[frame.head.digest.hex] = frame.bytes }
                if frame.head.codec == .deflate { blobs[frame.head.digest.hex] = [] }
            }
        }
        try reader.finish()
        #expect(count == bundle.byteCount)
        return blobs
    }

    @Test func `a bundle holds each missing blob once`() async throws {
        try await withStore { store, _ in
            let one = try await store.publish("1", ["a": "x", "b": "y"]).release.digest
            let two = try await store.publish("2", ["a": "x", "c": "z", "d": "z"]).release.digest
            let difference = try await blobs(in: try await store.bundle(to: two, from: one))
            #expect(difference == [digest(Array("z".utf8)).hex: Array("z".utf8)])
            #expect(try await blobs(in: try await store.bundle(to: two)).count == 2)
            #expect(try await blobs(in: try await store.bundle(to: two, from: two)).isEmpty)
            #expect(try await blobs(in: try await store.bundle(to: two, from: .zero)).count == 2)
            await #expect(throws: CodeStoreError.self) { try await store.bundle(to: .zero) }
        }
    }

    @Test func `a bundle carries empty, small, packed and large blobs`() async throws {
        try await withStore { store, _ in
            let large = noise(900_000, seed: 1)
            let text = Array(String(repeating: "shop ", count: 200).utf8)
            let entries = [
                try await store.entry("empty", []), try await store.entry("large", large),
                try await store.entry("text", text), try await store.entry("tiny", [7]),
            ]
            let draft = ReleaseDraft(unit: "shop", version: "1", entries: entries)
            let release = try await store.publish(draft, by: build, at: dawn).release
            let blobs = try await blobs(in: try await store.bundle(to: release.digest))
            #expect(blobs[digest(large).hex] == large)
            #expect(blobs[digest([7]).hex] == [7])
            #expect(blobs[digest([]).hex] == [])
            #expect(blobs.count == 4)
        }
    }

    @Test func `Python reads a bundle with what it has`() async throws {
        try await withStore { store, scratch in
            let text = String(repeating: "shop = 'π'\n", count: 300)
            let files = ["a": text, "b": "tiny", "c": String(repeating: "é\n", count: 90_000)]
            let release = try await store.publish("1", files).release
            let bundle = try await store.bundle(to: release.digest).collect(upTo: 10 << 20)
            try Data(bundle).write(to: scratch.url.appendingPathComponent("bundle"))
            let program = """
                import hashlib, struct, sys, zlib
                data = open(sys.argv[1], "rb").read()
                assert data[:4] == b"CSB1"
                place, sizes = 4, []
                while place < len(data):
                    head = struct.unpack_from(">32sBBII", data, place)
                    body = data[place + 42 : place + 42 + head[4]]
                    place += 42 + head[4]
                    raw = zlib.decompress(body) if head[2] == 1 else body
                    assert len(raw) == head[3] and hashlib.sha256(raw).digest() == head[0]
                    sizes.append(len(raw))
                print(*sizes)
                """
            let python = try await Command.run(
                "python3",
                ["-c", program, scratch.path("bundle")]
            ).orThrow()
            #expect(python.text == "\(text.utf8.count) 4 270000")
        }
    }

    @Test func `many who ask at once get the same bundle`() async throws {
        try await withStore { store, _ in
            let release = try await store.publish("1", ["a": "x", "b": "y"]).release
            let bundles = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await store.bundle(to: release.digest).collect(upTo: 1 << 20)
                    }
                }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            #expect(bundles.count == 1)
        }
    }
}
