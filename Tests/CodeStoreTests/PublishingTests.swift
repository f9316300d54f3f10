import CodeStore
import Core
import Foundation
import TestSupport
import Testing

@Suite struct PublishingTests {
    @Test func `a unit begins with its first release, in its first channel`() async throws {
        try await withStore { store, _ in
            let publication = try await store.publish("1.0", ["shop/web.py": "app = 1"])
            #expect(publication.isNew)
            #expect(publication.channel == "dev")
            #expect(publication.unmet == [])
            #expect(publication.promotion?.kind == .promote)
            #expect(publication.promotion?.rev == 1)
            #expect(publication.promotion?.actor == build)
            #expect(publication.release.channels == ["dev"])
            #expect(publication.release.files == 1)
            #expect(publication.release.bytes == 7)
            #expect(publication.release.provenance.build == BuildID(7))
            #expect(publication.release.notes == "All of 1.0.")
            let channels = try await store.channels(of: "shop")
            #expect(channels.map(\.name) == ["dev", "staging", "production"])
            #expect(channels.map(\.policy.from) == [nil, "dev", "staging"])
            #expect(channels.map(\.rev) == [1, 0, 0])
            #expect(channels.first?.release == publication.release)
            #expect(channels.first?.move == publication.promotion)
            let pointer = try #require(store.pointer(unit: "shop", channel: "dev"))
            #expect(pointer.release == publication.release.digest)
            #expect(pointer.version == "1.0")
            #expect(pointer.logHead == publication.promotion?.hash)
            #expect(store.pointer(unit: "shop", channel: "staging") == nil)
            #expect(store.hasChannel(unit: "shop", channel: "staging"))
            #expect(!store.hasChannel(unit: "shop", channel: "moon"))
        }
    }

    @Test func `publishing the same again does nothing`() async throws {
        try await withStore { store, _ in
            let first = try await store.publish("1", ["a": "x"], key: "k1")
            try await store.publish("2", ["a": "y"])
            for key in ["k1", "k2", nil] {
                let again = try await store.publish("1", ["a": "x"], key: key)
                #expect(!again.isNew)
                #expect(again.release.id == first.release.id)
                #expect(again.promotion == first.promotion)
            }
            #expect(store.pointer(unit: "shop", channel: "dev")?.version == "2")
            #expect(try await store.promotions(LogQuery(unit: "shop")).count == 2)
        }
    }

    @Test func `a version never changes its content`() async throws {
        try await withStore { store, _ in
            let first = try await store.publish("1", ["a": "x"])
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.publish("1", ["a": "y"])
            }
            let digest = first.release.digest
            #expect(error == .versionTaken(unit: "shop", version: "1", digest: digest))
            #expect(error?.description.contains("publish under a new version") == true)
            #expect(try await store.publish("1", ["a": "y"], unit: "other").isNew)
        }
    }

    @Test func `a key is for one release`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"], key: "k")
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.publish("2", ["a": "y"], key: "k")
            }
            #expect(error == .keyReused("k"))
            #expect(try await store.releases(of: "shop").count == 1)
        }
    }

    @Test func `every missing blob is named, and nothing is left behind`() async throws {
        try await withStore { store, scratch in
            let there = try await store.entry("a", [1])
            let absent = try ["b", "c"].map { path in
                ReleaseEntry(
                    path: try ReleasePath(path),
                    digest: digest(Array(path.utf8)),
                    size: 1,
                    mode: .file
                )
            }
            let draft = ReleaseDraft(unit: "shop", version: "1", entries: [there] + absent)
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.publish(draft, by: build, at: dawn)
            }
            #expect(error == .missingBlobs(absent.map(\.digest)))
            try store.close()
            #expect(try Look(scratch).number("SELECT count(*) FROM unit") == 0)
        }
    }

    @Test func `a size that is not the blob's is refused`() async throws {
        try await withStore { store, _ in
            var entry = try await store.entry("a", [1, 2, 3])
            entry.size = 4
            let draft = ReleaseDraft(unit: "shop", version: "1", entries: [entry])
            await #expect(
                throws: CodeStoreError.invalid("'a' is said to have 4 bytes, but its blob has 3")
            ) {
                try await store.publish(draft, by: build, at: dawn)
            }
        }
    }

    @Test func `a link may lead anywhere inside and nowhere outside`() async throws {
        try await withStore { store, _ in
            let file = try await store.entry("lib/a.py", [1])
            let inside = try await store.entry("bin/a", "../lib/a.py".utf8, mode: .link)
            let outside = try await store.entry("bin/b", "../../etc/passwd".utf8, mode: .link)
            let long = try await store.entry("bin/c", noise(2000, seed: 1), mode: .link)
            let draft = { (version: String, link: ReleaseEntry) in
                ReleaseDraft(unit: "shop", version: version, entries: [file, link])
            }
            for link in [outside, long] {
                let error = await #expect(throws: CodeStoreError.self) {
                    try await store.publish(draft("1", link), by: build, at: dawn)
                }
                #expect(error?.description.contains("'\(link.path)' cannot be published") == true)
            }
            #expect(try await store.publish(draft("1", inside), by: build, at: dawn).isNew)
        }
    }

    @Test func `a version cannot have the name of a channel`() async throws {
        try await withStore { store, _ in
            await #expect(throws: CodeStoreError.self) {
                try await store.publish("production", ["a": "x"])
            }
            let units = try await store.units()
            #expect(units.isEmpty)
        }
    }

    @Test func `bad names and unknown channels are refused`() async throws {
        try await withStore { store, _ in
            for unit in ["", "../shop", "shop web", ".shop"] {
                await #expect(throws: CodeStoreError.self) {
                    try await store.publish("1", ["a": "x"], unit: unit)
                }
            }
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.publish("1", ["a": "x"], channel: "moon")
            }
            #expect(
                error?.description == "shop has no channel 'moon'; it has dev, staging, production"
            )
            let units = try await store.units()
            #expect(units.isEmpty)
        }
    }

    @Test func `a held channel keeps its release while new ones are published`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            let intent = PromotionIntent(actor: mira, reason: "demo for the board")
            try await store.setHold(true, of: dev, as: intent, at: dawn)
            let second = try await store.publish("2", ["a": "y"])
            #expect(second.isNew)
            #expect(second.promotion == nil)
            #expect(second.unmet == [.held(reason: "demo for the board")])
            #expect(store.pointer(unit: "shop", channel: "dev")?.version == "1")
            let third = try await store.publish("3", ["a": "z"], by: mira)
            #expect(third.promotion?.to?.version == "3")
            #expect(store.pointer(unit: "shop", channel: "dev")?.hold == nil)
        }
    }

    @Test func `a channel that may not take a release does not keep it from being`() async throws {
        try await withStore { store, _ in
            let publication = try await store.publish("1", ["a": "x"], channel: "staging")
            #expect(publication.isNew)
            #expect(publication.channel == "staging")
            #expect(publication.promotion == nil)
            #expect(publication.unmet == [.notYet(in: "dev")])
            #expect(try await store.release(.version("1"), of: "shop").channels == [])
            let again = try await store.publish("1", ["a": "x"], channel: "staging")
            #expect(again.promotion == nil && !again.isNew)
        }
    }

    @Test func `a thousand files are one release`() async throws {
        try await withStore { store, _ in
            var entries: [ReleaseEntry] = []
            var frames: [BundleReader.Frame] = []
            for number in 0..<1000 {
                let bytes = Array("module = \(number)\n".utf8)
                let head = BundleFrame(
                    digest: digest(bytes),
                    codec: .raw,
                    rawCount: bytes.count,
                    storedCount: bytes.count
                )
                frames.append(BundleReader.Frame(head: head, bytes: bytes))
                entries.append(
                    ReleaseEntry(
                        path: try ReleasePath("shop/p\(number % 20)/m\(number).py"),
                        digest: head.digest,
                        size: bytes.count,
                        mode: .file
                    )
                )
            }
            let digests = frames.map(\.head.digest)
            #expect(try await store.missing(digests, at: dawn).count == 1000)
            try await store.put(frames, at: dawn)
            #expect(try await store.missing(digests, at: dawn) == [])
            let draft = ReleaseDraft(unit: "shop", version: "1", entries: entries)
            let first = try await store.publish(draft, by: build, at: dawn)
            #expect(first.release.files == 1000)
            let files = try await store.files(of: "shop", at: "1")
            #expect(files.map(\.path) == entries.map(\.path).sorted())
            let bundle = try await store.bundle(to: first.release.digest).collect(upTo: 1 << 20)
            var reader = BundleReader(frameBytesMax: 1 << 20)
            #expect(try reader.read(bundle).count == 1000)
        }
    }

    @Test func `the manifest's digest is what Python computes of its JSON`() async throws {
        try await withStore { store, _ in
            let files = [
                "a\u{1F}\u{7F}\n\"\\": "1", "é/日本.py": "2", "cafe\u{301}": "3", "z/\u{301}": "4",
            ]
            let release = try await store.publish("1.0+x", files).release
            let manifest = try await store.manifest(release.digest)
            #expect(digest(manifest) == release.digest)
            let program = """
                import hashlib, json, sys
                manifest = json.load(sys.stdin)
                text = json.dumps(manifest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
                print(hashlib.sha256(text.encode()).hexdigest(), len(manifest["entries"]))
                """
            let input = String(decoding: manifest, as: UTF8.self)
            let python = try await Command.run("python3", ["-c", program], input: input).orThrow()
            #expect(python.text == "\(release.digest.hex) 4")
        }
    }

    @Test func `a publication that fails half-way leaves nothing`() async throws {
        try await withScratch { scratch in
            let path = scratch.path("store.db")
            var store = try CodeStoreDatabase(path: path)
            try await store.publish("1", ["a": "x"])
            try Look(scratch).force(
                """
                CREATE TRIGGER nothingGoes BEFORE INSERT ON promotion
                BEGIN SELECT RAISE(ABORT, 'no more'); END
                """
            )
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.publish("2", ["a": "y", "b": "z"])
            }
            #expect(error == .failed("no more"))
            #expect(store.pointer(unit: "shop", channel: "dev")?.version == "1")
            try store.close()
            try Look(scratch).force("DROP TRIGGER nothingGoes")
            store = try CodeStoreDatabase(path: path)
            #expect(try await store.releases(of: "shop").map(\.version) == ["1"])
            #expect(try Look(scratch).number("SELECT count(*) FROM entry") == 1)
            #expect(store.pointer(unit: "shop", channel: "dev")?.version == "1")
            #expect(try await store.publish("2", ["a": "y", "b": "z"]).isNew)
            try store.close()
        }
    }
}
