import Core
import Testing

@Suite struct PromotionPolicyTests {
    /// Every case there is.
    private static var allCases: [PromotionCase] {
        var cases: [PromotionCase] = []
        for move in PromotionCase.Move.allCases {
            for actor in PromotionActor.Kind.allCases {
                for bits in 0..<64 {
                    let bit = { (index: Int) in bits >> index & 1 == 1 }
                    cases.append(
                        PromotionCase(
                            move: move,
                            actor: actor,
                            policy: ChannelPolicy(from: bit(0) ? "staging" : nil),
                            rejection: bit(1) ? "leaks" : nil,
                            hold: bit(2) ? "rolled back" : nil,
                            freeze: bit(3) ? "month end" : nil,
                            hasBeenInFrom: bit(4),
                            hasBeenHere: bit(5)
                        )
                    )
                }
            }
        }
        return cases
    }

    @Test func `every case lists exactly the conditions it does not meet`() {
        #expect(Self.allCases.count == 256)
        for promotion in Self.allCases {
            let isPromotion = promotion.move == .promote
            var expected: [UnmetCondition] = []
            if promotion.rejection != nil { expected.append(.rejected(reason: "leaks")) }
            if !isPromotion, !promotion.hasBeenHere { expected.append(.neverHere) }
            if isPromotion, promotion.policy.from != nil, !promotion.hasBeenInFrom {
                expected.append(.notYet(in: "staging"))
            }
            if isPromotion, promotion.actor == .build, promotion.hold != nil {
                expected.append(.held(reason: "rolled back"))
            }
            if isPromotion, promotion.freeze != nil {
                expected.append(.frozen(reason: "month end"))
            }
            #expect(unmetConditions(of: promotion) == expected, "\(promotion)")
        }
    }

    @Test func `only a rejection and a stranger stop a rollback`() {
        let rollbacks = Self.allCases.filter { $0.move == .rollback && $0.hasBeenHere }
        #expect(rollbacks.allSatisfy { unmetConditions(of: $0).isEmpty == ($0.rejection == nil) })
    }

    @Test func `every condition says what is wrong and what would help`() {
        let conditions: [UnmetCondition] = [
            .rejected(reason: "leaks"), .notYet(in: "staging"), .held(reason: "rolled back"),
            .frozen(reason: "month end"), .neverHere,
        ]
        #expect(Set(conditions.map(\.problem)).count == conditions.count)
        #expect(Set(conditions.map(\.remedy)).count == conditions.count)
    }
}

@Suite struct ChannelTrailTests {
    private func trail(_ moves: [(PromotionKind, Int)]) -> ChannelTrail<Int> {
        var trail = ChannelTrail<Int>()
        for (kind, release) in moves { trail.append(kind, to: release) }
        return trail
    }

    @Test func `the way back leads through what was promoted`() {
        #expect(trail([(.promote, 1), (.promote, 2), (.promote, 3)]).earlier == [2, 1])
    }

    @Test func `rolling back twice goes back two releases`() {
        let once = trail([(.promote, 1), (.promote, 2), (.promote, 3), (.rollback, 2)])
        #expect(once.releases == [1, 2])
        #expect(once.earlier == [1])
    }

    @Test func `a promotion after a rollback goes on from there`() {
        let moves: [(PromotionKind, Int)] = [
            (.promote, 1), (.promote, 2), (.promote, 3), (.rollback, 1), (.promote, 4),
        ]
        #expect(trail(moves).releases == [1, 4])
    }

    @Test func `a rollback to a release that was rolled back from extends the trail`() {
        let moves: [(PromotionKind, Int)] = [
            (.promote, 1), (.promote, 2), (.rollback, 1), (.rollback, 2),
        ]
        #expect(trail(moves).releases == [1, 2])
    }

    @Test func `holds and freezes leave no trace`() {
        let moves: [(PromotionKind, Int)] = [
            (.promote, 1), (.hold, 1), (.freeze, 1), (.promote, 2), (.thaw, 2), (.unhold, 2),
        ]
        #expect(trail(moves).releases == [1, 2])
    }

    @Test func `the current release is never the way back`() {
        #expect(trail([(.promote, 1), (.promote, 2), (.promote, 1)]).earlier == [2])
        #expect(trail([(.promote, 1), (.promote, 1)]).earlier.isEmpty)
        #expect(trail([]).earlier.isEmpty)
    }
}

@Suite struct PromotionRowTests {
    @Test func `a row has one form`() {
        let row = PromotionRow(
            rev: 7,
            unit: "shop",
            channel: "production",
            kind: .rollback,
            from: ContentDigest.zero,
            to: nil,
            actor: PromotionActor(.person, "mira"),
            reason: "wrong \"totals\"",
            at: 1_700_000_000_123
        )
        let zeros = String(repeating: "0", count: 64)
        #expect(
            String(decoding: row.canonicalBytes, as: UTF8.self)
                == #"{"actor":"person:mira","at":1700000000123,"channel":"production","#
                + #""from":"\#(zeros)","kind":"rollback","reason":"wrong \"totals\"","#
                + #""rev":7,"to":null,"unit":"shop"}"#
        )
    }
}
