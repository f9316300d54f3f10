import Core
import Foundation
import Testing
import Wire

@Suite struct ReleaseMessageTests {
    @Test func `a release`() throws {
        try expect(
            ReleaseMessage(
                unit: "shop",
                version: "1.0.0",
                digest: "sha256:ab",
                files: 2,
                bytes: 30,
                build: 7,
                commit: "01",
                repository: "shop",
                notes: "New",
                rejected: "leaks",
                createdAt: sampleTime,
                channels: ["dev"]
            ),
            isWrittenAs: #"""
                {"build":7,"bytes":30,"channels":["dev"],"commit":"01",
                "created_at":"2023-11-14T22:13:20.250Z","digest":"sha256:ab","files":2,
                "notes":"New","rejected":"leaks","repository":"shop","unit":"shop",
                "version":"1.0.0"}
                """#
        )
    }

    @Test func `a channel, and one that never moved`() throws {
        try expect(
            ChannelMessage(
                unit: "shop",
                name: "production",
                rank: 2,
                rev: 8,
                release: "sha256:ab",
                version: "1.0.0",
                hold: "rolled back",
                since: sampleTime
            ),
            isWrittenAs: #"""
                {"hold":"rolled back","name":"production","rank":2,"release":"sha256:ab","rev":8,
                "since":"2023-11-14T22:13:20.250Z","unit":"shop","version":"1.0.0"}
                """#
        )
        try expect(
            ChannelMessage(
                unit: "shop",
                name: "staging",
                rank: 1,
                rev: 0,
                release: nil,
                version: nil,
                hold: nil,
                since: nil
            ),
            isWrittenAs: #"{"name":"staging","rank":1,"rev":0,"unit":"shop"}"#
        )
    }

    /// The Python importer reads these names; they never change.
    @Test func `a pointer`() throws {
        try expect(
            PointerMessage(
                unit: "shop",
                channel: "dev",
                rev: 8,
                release: "sha256:ab",
                version: "1.0.0",
                manifest: "/cs/v1/manifests/sha256:ab",
                kind: "promote",
                percent: 100,
                logHead: "cd"
            ),
            isWrittenAs: #"""
                {"channel":"dev","kind":"promote","log_head":"cd",
                "manifest":"/cs/v1/manifests/sha256:ab","percent":100,"release":"sha256:ab",
                "rev":8,"unit":"shop","version":"1.0.0"}
                """#
        )
    }

    @Test func `a row of the promotion log`() throws {
        try expect(
            PromotionMessage(
                rev: 8,
                unit: "shop",
                channel: "dev",
                kind: "rollback",
                from: "1.1.0",
                to: "1.0.0",
                actor: "ada",
                reason: "it sells no tea",
                at: sampleTime,
                hash: "cd"
            ),
            isWrittenAs: #"""
                {"actor":"ada","at":"2023-11-14T22:13:20.250Z","channel":"dev","from":"1.1.0",
                "hash":"cd","kind":"rollback","reason":"it sells no tea","rev":8,"to":"1.0.0",
                "unit":"shop"}
                """#
        )
    }

    @Test func `what people and nodes send`() throws {
        try expect(
            PromoteMessage(version: "1.0.0", reason: "ready"),
            isWrittenAs: #"{"reason":"ready","version":"1.0.0"}"#
        )
        #expect(try decoded(RollbackMessage.self, "{}").version == nil)
        try expect(RejectMessage(reason: "leaks"), isWrittenAs: #"{"reason":"leaks"}"#)
        try expect(
            NodeReportMessage(
                unit: "shop",
                channel: "dev",
                seenRev: 8,
                prepared: "sha256:ab",
                active: "sha256:ab",
                errors: ["shop.web: no tea"],
                host: "n1",
                pid: 42
            ),
            isWrittenAs: #"""
                {"active":"sha256:ab","channel":"dev","errors":["shop.web: no tea"],"host":"n1",
                "pid":42,"prepared":"sha256:ab","seen_rev":8,"unit":"shop"}
                """#
        )
        try expect(
            NodeMessage(
                id: "n1-42",
                unit: "shop",
                channel: "dev",
                activeVersion: "1.0.0",
                preparedVersion: "1.1.0",
                errors: [],
                lastSeenAt: sampleTime
            ),
            isWrittenAs: #"""
                {"active_version":"1.0.0","channel":"dev","errors":[],"id":"n1-42",
                "last_seen_at":"2023-11-14T22:13:20.250Z","prepared_version":"1.1.0",
                "unit":"shop"}
                """#
        )
    }

    @Test func `publishing from outside a build`() throws {
        try expect(MissingBlobsMessage(digests: ["ab"]), isWrittenAs: #"{"digests":["ab"]}"#)
        try expect(MissingBlobsAnswer(missing: ["ab"]), isWrittenAs: #"{"missing":["ab"]}"#)
        try expect(
            NewReleaseMessage(
                unit: "shop",
                version: "1.0.0",
                files: [FileEntry(path: "a/b.py", sha256: "ab", size: 3, mode: 0o644)],
                notes: nil,
                channel: "dev"
            ),
            isWrittenAs: #"""
                {"channel":"dev","files":[{"mode":420,"path":"a/b.py","sha256":"ab","size":3}],
                "unit":"shop","version":"1.0.0"}
                """#
        )
    }
}
