import Core
import Foundation
import Testing
import Wire

@Suite struct HouseMessageTests {
    @Test func `repositories, as they are sent and shown`() throws {
        try expect(
            RepositoryMessage(
                name: "shop",
                url: "/srv/shop.git",
                defaultBranch: "main",
                pollInterval: 60,
                fetchedAt: sampleTime,
                fetchError: "it is gone",
                createdAt: sampleTime
            ),
            isWrittenAs: #"""
                {"created_at":"2023-11-14T22:13:20.250Z","default_branch":"main",
                "fetch_error":"it is gone","fetched_at":"2023-11-14T22:13:20.250Z",
                "name":"shop","poll_interval":60,"url":"/srv/shop.git"}
                """#
        )
        let least = try decoded(NewRepositoryMessage.self, #"{"name":"a","url":"/a"}"#)
        #expect(least.defaultBranch == nil && least.pollInterval == nil)
    }

    @Test func `a worker`() throws {
        try expect(
            WorkerMessage(
                name: "w1",
                state: .draining,
                labels: ["arm"],
                slots: 2,
                running: [9],
                version: "0.1.0",
                lastSeenAt: sampleTime
            ),
            isWrittenAs: #"""
                {"labels":["arm"],"last_seen_at":"2023-11-14T22:13:20.250Z","name":"w1",
                "running":[9],"slots":2,"state":"draining","version":"0.1.0"}
                """#
        )
    }

    @Test func `a token's text stands only in the answer that made it`() throws {
        let token = TokenMessage(
            id: "abc",
            name: "ada",
            kind: .release,
            createdAt: sampleTime,
            lastUsedAt: nil
        )
        try expect(
            token,
            isWrittenAs: #"""
                {"created_at":"2023-11-14T22:13:20.250Z","id":"abc","kind":"release",
                "name":"ada"}
                """#
        )
        try expect(
            NewTokenMessage(name: "ada", kind: .viewer),
            isWrittenAs: #"{"kind":"viewer","name":"ada"}"#
        )
    }

    @Test func `the version, a list and its last page`() throws {
        try expect(
            VersionMessage(version: "0.1.0", protocol: 1),
            isWrittenAs: #"{"protocol":1,"version":"0.1.0"}"#
        )
        try expect(
            ListMessage(items: [1, 2], nextCursor: "2"),
            isWrittenAs: #"{"items":[1,2],"next_cursor":"2"}"#
        )
        try expect(ListMessage(items: [Int]()), isWrittenAs: #"{"items":[]}"#)
    }

    @Test func `an error has the shape of RFC 9457`() throws {
        try expect(
            ProblemDetails(
                title: "Conflict",
                status: 409,
                detail: "The name is taken.",
                reasons: ["a", "b"]
            ),
            isWrittenAs: #"""
                {"detail":"The name is taken.","reasons":["a","b"],"status":409,
                "title":"Conflict","type":"about:blank"}
                """#
        )
    }

    // MARK: Times

    @Test(arguments: [
        "2023-11-14T22:13:20Z", "2023-11-14T22:13:20.000Z", "2023-11-15T00:13:20+02:00",
    ])
    func `a time is read with and without a fraction`(text: String) throws {
        let times = try decoded([Date].self, #"["\#(text)"]"#)
        #expect(times == [Date(timeIntervalSince1970: 1_700_000_000)])
    }

    @Test(arguments: [#"["yesterday"]"#, "[1700000000]", #"["2023-11-14"]"#])
    func `anything else is no time`(text: String) {
        #expect(throws: DecodingError.self) { try decoded([Date].self, text) }
    }
}
