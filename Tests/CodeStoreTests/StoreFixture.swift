import CodeStore
import Core
import Crypto
import Foundation
import TestSupport

/// The moment at which tests begin; time passes by adding seconds.
let dawn = Date(timeIntervalSince1970: 1_800_000_000)
let hour = 3600.0

let mira = PromotionActor(.person, "mira")
let build = PromotionActor(.build, "1482")
let dev = ChannelKey(unit: "shop", channel: "dev")
let staging = ChannelKey(unit: "shop", channel: "staging")
let production = ChannelKey(unit: "shop", channel: "production")

/// A store in a folder of its own.
func withStore<Answer>(
    byteLimit: Int? = nil,
    _ body: (CodeStoreDatabase, Scratch) async throws -> Answer
) async throws -> Answer {
    try await withScratch { scratch in
        let store = try CodeStoreDatabase(path: scratch.path("store.db"), byteLimit: byteLimit)
        let answer = try await body(store, scratch)
        try store.close()
        return answer
    }
}

/// The SHA-256 of bytes, by way of the library and not of the store.
func digest(_ bytes: some Sequence<UInt8>) -> ContentDigest {
    let hex = SHA256.hash(data: Data(bytes)).map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
    return ContentDigest(hex.joined()) ?? .zero
}

/// Bytes nobody can pack, the same for the same seed.
func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        withUnsafeBytes(of: state) { bytes.append(contentsOf: $0) }
    }
    return Array(bytes.prefix(count))
}

extension CodeStoreDatabase {
    /// An entry whose bytes are in the store.
    func entry(
        _ path: String,
        _ bytes: some Sequence<UInt8>,
        mode: EntryMode = .file
    ) async throws -> ReleaseEntry {
        let bytes = Array(bytes)
        return ReleaseEntry(
            path: try ReleasePath(path),
            digest: try await put(bytes, at: dawn),
            size: bytes.count,
            mode: mode
        )
    }

    /// Publishes files given as texts.
    @discardableResult
    func publish(
        _ version: String,
        _ files: [String: String],
        unit: String = "shop",
        channel: String? = nil,
        by actor: PromotionActor = build,
        key: String? = nil,
        at now: Date = dawn
    ) async throws -> Publication {
        var entries: [ReleaseEntry] = []
        for (path, text) in files { entries.append(try await entry(path, text.utf8)) }
        let draft = ReleaseDraft(
            unit: unit,
            version: version,
            entries: entries,
            provenance: Provenance(
                build: BuildID(7),
                job: JobID(8),
                repository: "shop",
                commit: "5d20e9f"
            ),
            notes: "All of \(version).",
            channel: channel
        )
        return try await publish(draft, by: actor, idempotencyKey: key, at: now)
    }

    /// Publishes versions 1, 2, … and promotes each through all channels.
    func ship(_ versions: ClosedRange<Int>) async throws {
        for version in versions {
            try await publish("\(version)", ["a.py": "version = \(version)"])
            for channel in [staging, production] {
                _ = try await promote(
                    .version("\(version)"),
                    to: channel,
                    as: PromotionIntent(actor: mira),
                    at: dawn
                )
            }
        }
    }

    /// The bytes of a small blob.
    func text(_ digest: ContentDigest) async throws -> String {
        String(decoding: try await bytes(of: digest).collect(upTo: 1 << 20), as: UTF8.self)
    }
}
