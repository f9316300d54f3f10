import Core
import Foundation
import TestSupport
import Testing

@testable import CodeStore

@Suite struct GarbageTests {
    /// A whole round of the collection.
    private func collect(_ store: CodeStoreDatabase, at now: Date) async throws -> GarbagePass {
        var total = GarbagePass()
        var position: GarbagePosition? = .start
        while let here = position {
            let pass = try await store.collectGarbage(from: here, at: now)
            total.blobs += pass.blobs
            total.chunks += pass.chunks
            total.bytes += pass.bytes
            position = pass.next
        }
        return total
    }

    @Test func `what nothing needs goes after a day, and not before`() async throws {
        try await withStore { store, _ in
            let bytes = noise(200_000, seed: 1)
            let blob = try await store.put(bytes, at: dawn)
            #expect(try await collect(store, at: dawn + 24 * hour) == GarbagePass())
            let pass = try await collect(store, at: dawn + 26 * hour)
            #expect(pass.blobs == 1)
            #expect(pass.chunks > 1)
            #expect(pass.bytes == bytes.count)
            #expect(try await store.missing([blob], at: dawn) == [blob])
            #expect(try await store.put(bytes, at: dawn) == blob)
        }
    }

    @Test func `whoever was told that a blob is there can rely on it for a day`() async throws {
        try await withStore { store, _ in
            let blob = try await store.put([1, 2, 3], at: dawn)
            #expect(try await store.missing([blob], at: dawn + 20 * hour) == [])
            #expect(try await collect(store, at: dawn + 44 * hour).blobs == 0)
            #expect(try await collect(store, at: dawn + 46 * hour).blobs == 1)
        }
    }

    @Test func `what a release or a pin needs stays`() async throws {
        try await withStore { store, _ in
            let release = try await store.publish("1", ["a": "kept"]).release
            let pinned = try await store.put(noise(100_000, seed: 2), at: dawn)
            let loose = try await store.put(noise(100_000, seed: 3), at: dawn)
            try await store.pin([pinned], for: "build:1")
            try await store.pin([pinned], for: "build:2")
            try await store.pin([pinned], for: "build:2")
            #expect(try await collect(store, at: dawn + 100 * hour).blobs == 1)
            #expect(try await store.missing([pinned, loose], at: dawn) == [loose])
            #expect(try await store.text(digest(Array("kept".utf8))) == "kept")
            #expect(try await !store.manifest(release.digest).isEmpty)
            try await store.unpin("build:1")
            #expect(try await collect(store, at: dawn + 100 * hour).blobs == 0)
            try await store.unpin("build:2")
            #expect(try await collect(store, at: dawn + 100 * hour).blobs == 1)
        }
    }

    @Test func `pins are all or none`() async throws {
        try await withStore { store, _ in
            let there = try await store.put([1], at: dawn)
            await #expect(throws: CodeStoreError.missingBlobs([digest([2])])) {
                try await store.pin([there, digest([2])], for: "build:1")
            }
            #expect(try await collect(store, at: dawn + 100 * hour).blobs == 1)
        }
    }

    @Test func `chunks that two blobs share stay while one of them does`() async throws {
        try await withStore { store, _ in
            let first = noise(500_000, seed: 4)
            let second = first + noise(1_000, seed: 5)
            _ = try await store.put(first, at: dawn)
            let kept = try await store.put(second, at: dawn)
            try await store.pin([kept], for: "x")
            #expect(try await collect(store, at: dawn + 100 * hour).blobs == 1)
            let bytes = try await store.bytes(of: kept).collect(upTo: second.count)
            #expect(bytes == second)
        }
    }

    @Test func `a blob that is being written loses nothing`() async throws {
        try await withStore { store, _ in
            let bytes = noise(5_600_000, seed: 6)
            var writer = store.blobWriter(for: digest(bytes))
            try await writer.append(Array(bytes.prefix(5_400_000)))
            #expect(try await collect(store, at: dawn + 100 * hour).chunks == 0)
            try await writer.append(Array(bytes.dropFirst(5_400_000)))
            _ = try await writer.finish(at: dawn)
            #expect(
                try await store.bytes(of: digest(bytes)).collect(upTo: bytes.count) == bytes
            )
        }
    }

    @Test func `what an abandoned writer stored goes at once`() async throws {
        try await withStore { store, _ in
            do {
                var writer = store.blobWriter(for: nil)
                try await writer.append(noise(5_400_000, seed: 7))
            }
            // The writer goes when the last block that stored for it does.
            try await eventually("its chunks are gone") {
                try await collect(store, at: dawn).bytes > 4_000_000
            }
        }
    }
}
