import Core
import Testing

@Suite struct LossTests {
    @Test func `a lost attempt is tried again until the third`() {
        #expect(verdict(onLossOf: 1, worker: "w", isCancelled: false) == .tryAgain)
        #expect(verdict(onLossOf: 2, worker: "w", isCancelled: false) == .tryAgain)
        #expect(
            verdict(onLossOf: 3, worker: "w", isCancelled: false)
                == .finish(
                    .exception,
                    reason: "lost 3 times, last by worker w, which stopped answering"
                )
        )
    }

    @Test func `a job may say that a loss is its end, or that it waits for its worker`() {
        for attempt in [1, 9] {
            #expect(
                verdict(onLossOf: attempt, worker: "w", isCancelled: false, policy: .fail)
                    == .finish(
                        .exception,
                        reason: "worker w stopped answering, and 'on_lost' is 'fail'"
                    )
            )
            #expect(
                verdict(onLossOf: attempt, worker: "w", isCancelled: false, policy: .wait)
                    == .keepWaiting
            )
        }
    }

    @Test(arguments: [LossCause.refusal, .oblivion])
    func `a job that waits for its worker is tried again when the worker has nothing of it`(
        cause: LossCause
    ) {
        func verdict(_ attempt: Int) -> LossVerdict {
            Core.verdict(
                onLossOf: attempt,
                worker: "w",
                isCancelled: false,
                policy: .wait,
                cause: cause
            )
        }
        #expect(verdict(1) == .tryAgain)
        guard case .finish(.exception, let reason) = verdict(3) else {
            Issue.record("it should not be tried for ever")
            return
        }
        #expect(reason.hasPrefix("lost 3 times, last by worker w, which "))
    }

    @Test func `a cancelled job is never tried again`() {
        for attempt in 1...4 {
            for policy in LossPolicy.allCases {
                #expect(
                    verdict(onLossOf: attempt, worker: "w", isCancelled: true, policy: policy)
                        == .finish(
                            .cancelled,
                            reason: "cancelled; worker w did not confirm in time"
                        )
                )
            }
        }
    }

    @Test func `a worker has time for several heartbeats before its lease ends`() {
        let terms = LeaseTerms.standard
        #expect(terms.heartbeat * 3 <= terms.lease)
        #expect(terms.startGrace >= terms.lease)
    }
}
