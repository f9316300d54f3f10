import Core
import Foundation
import TestSupport
import Testing
import Wire

@Suite struct WorkerProtocolTests {
    private static let hello = WorkerHello(labels: ["arm"], slots: 2, version: "0.1.0")

    @Test func `a call with every verb comes back as it was sent`() throws {
        let step = StepReport(
            index: 1,
            state: .finished,
            result: .failure,
            exitCode: 2,
            reason: "exit code 2",
            startedAgo: 10,
            finishedAgo: 5,
            logLength: 3,
            logDigest: "ab",
            logGap: "bytes 3 to 5"
        )
        try expect(
            SyncRequest(
                worker: Self.hello,
                claim: Claim(freeSlots: 2, wait: 25, heard: [5]),
                accepts: [AttemptReference(attempt: 5, fence: 1)],
                heartbeats: [Heartbeat(attempt: 6, fence: 2, steps: [step])],
                finishes: [
                    FinishReport(
                        attempt: 7,
                        fence: 3,
                        result: .success,
                        steps: [],
                        artifacts: [ArtifactReport(name: "site", files: [])]
                    )
                ]
            ),
            isWrittenAs: #"""
                {"accepts":[{"attempt":5,"fence":1}],"claim":{"free_slots":2,"heard":[5],"wait":25},
                "finishes":[{"artifacts":[{"files":[],"name":"site"}],"attempt":7,"fence":3,
                "result":"success","steps":[]}],"heartbeats":[{"attempt":6,"fence":2,"steps":[
                {"exit_code":2,"finished_ago":5,"index":1,"log_digest":"ab",
                "log_gap":"bytes 3 to 5","log_length":3,"reason":"exit code 2",
                "result":"failure","started_ago":10,"state":"finished"}]}],"protocol":2,
                "worker":{"is_draining":false,"labels":["arm"],"slots":2,"version":"0.1.0"}}
                """#
        )
    }

    @Test func `an answer with every verdict`() throws {
        try expect(
            SyncResponse(
                accepts: [AttemptAnswer(attempt: 5, verdict: .ok, lease: 60)],
                heartbeats: [
                    AttemptAnswer(attempt: 6, verdict: .cancel, lease: 60),
                    AttemptAnswer(attempt: 8, verdict: .stale),
                ],
                finishes: [
                    AttemptAnswer(attempt: 7, verdict: .logIncomplete, expected: ["1": 3])
                ]
            ),
            isWrittenAs: #"""
                {"accepts":[{"attempt":5,"lease":60,"verdict":"ok"}],
                "finishes":[{"attempt":7,"expected":{"1":3},"verdict":"log_incomplete"}],
                "heartbeats":[{"attempt":6,"lease":60,"verdict":"cancel"},
                {"attempt":8,"verdict":"stale"}],"orders":[]}
                """#
        )
    }

    @Test func `an order keeps the names of variables as they are`() throws {
        let order = JobOrder(
            attempt: 5,
            fence: 1,
            job: 9,
            build: 7,
            repository: "shop",
            ref: "refs/heads/main",
            sha: "01",
            environment: ["CI_COMMIT_SHA": "01", "camelCase": "x", "snake_case": "y", "": "z"],
            spec: JobSpec(
                name: "test",
                condition: .always,
                steps: [
                    StepSpec(
                        name: "Tests",
                        action: .run(script: "true"),
                        timeout: .seconds(5),
                        image: .folder("builder"),
                        environment: [
                            "someName": Template(constant: "1"),
                            "SOME_NAME": Template(constant: "2"), "_x": Template(constant: "3"),
                        ]
                    ),
                    StepSpec(name: "Get", action: .download(job: "a", artifact: "b", to: "c")),
                    StepSpec(
                        name: "Publish",
                        action: .publish(PublishSpec(from: Template(constant: "dist")))
                    ),
                    StepSpec(
                        name: "Promote",
                        action: .promote(unit: nil, channel: Template(constant: "staging"))
                    ),
                ],
                artifacts: [ArtifactSpec(name: "site", paths: ["dist/**"])]
            )
        )
        let written = try WireCoding.encoder().encode(SyncResponse(orders: [order]))
        let read = try WireCoding.decoder().decode(SyncResponse.self, from: written)
        #expect(read.orders == [order])
    }

    @Test func `a job travels as the document that is stored, and is read once`() throws {
        let spec = JobSpec(name: "test", failFast: "group", steps: [])
        let document = String(decoding: try JSONEncoder().encode(spec), as: UTF8.self)
        let order = JobOrder(
            attempt: 5,
            fence: 1,
            job: 9,
            build: 7,
            repository: "shop",
            ref: "refs/heads/main",
            sha: "01",
            environment: [:],
            spec: spec,
            document: document
        )
        let written = try WireCoding.encoder().encode(order)
        let told = try JSON(written)
        #expect(told.spec == .null)
        #expect(told.document.string == document)
        let reader = OrderReader()
        for decoder in [reader.decoder(), reader.decoder(), WireCoding.decoder()] {
            let read = try decoder.decode(JobOrder.self, from: written)
            #expect(read == order)
        }
    }

    @Test func `keys that this version does not know are passed over`() throws {
        let answer = try decoded(
            AttemptAnswer.self,
            #"{"attempt":5,"verdict":"ok","lease":60,"advice":{"of":"later"}}"#
        )
        #expect(answer == AttemptAnswer(attempt: 5, verdict: .ok, lease: 60))
        let hello = try decoded(
            WorkerHello.self,
            #"{"labels":[],"slots":1,"version":"9","is_draining":true,"arch":"arm64"}"#
        )
        #expect(hello.isDraining)
    }

    @Test func `keys that may be absent are absent in messages of the version before`() throws {
        let request = try decoded(
            SyncRequest.self,
            #"""
            {"protocol":0,"worker":{"labels":[],"slots":1,"version":"0","is_draining":false},
            "accepts":[],"heartbeats":[{"attempt":1,"fence":1,"steps":[{"index":0,
            "state":"running"}]}],"finishes":[]}
            """#
        )
        #expect(request.protocol == 0)
        #expect(request.claim == nil)
        #expect(request.heartbeats[0].steps == [StepReport(index: 0, state: .running)])
    }

    @Test(arguments: ["lost", "", "OK", "logIncomplete"])
    func `a verdict that nobody knows is an error, never a guess`(word: String) {
        #expect(throws: DecodingError.self) {
            try decoded(AttemptAnswer.self, #"{"attempt":5,"verdict":"\#(word)"}"#)
        }
    }

    @Test func `publish, promote and download steps`() throws {
        try expect(
            PublicationMessage(fence: 1, step: 2, files: [], notes: "New"),
            isWrittenAs: #"{"fence":1,"files":[],"notes":"New","step":2}"#
        )
        try expect(
            StepPromotionMessage(fence: 1, step: 2),
            isWrittenAs: #"{"fence":1,"step":2}"#
        )
        try expect(
            StepOutcomeMessage(log: ["shop 1.0.0"], isDone: true),
            isWrittenAs: #"{"is_done":true,"log":["shop 1.0.0"]}"#
        )
        try expect(ArtifactContentMessage(files: []), isWrittenAs: #"{"files":[]}"#)
    }
}
