import Core
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import CodeStore

@Suite struct PromotionTests {
    private let person = PromotionIntent(actor: mira, reason: "go")

    @Test func `a release goes from channel to channel`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            let outcome = try await store.promote(.version("1"), to: staging, as: person, at: dawn)
            #expect(outcome.isNew)
            #expect(outcome.promotion.rev == 2)
            #expect(outcome.promotion.from == nil)
            #expect(outcome.promotion.to?.version == "1")
            #expect(outcome.promotion.reason == "go")
            #expect(outcome.promotion.at == dawn)
            let digest = try #require(outcome.promotion.to?.digest)
            _ = try await store.promote(.digest(digest), to: production, as: person, at: dawn)
            let pointer = try #require(store.pointer(unit: "shop", channel: "production"))
            #expect(pointer.version == "1")
            #expect(pointer.rev == 3)
            #expect(pointer.kind == .promote)
            #expect(
                try await store.release(.version("1"), of: "shop").channels
                    == ["dev", "staging", "production"]
            )
        }
    }

    @Test func `a channel takes only what the one before it has run`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            try await store.publish("2", ["a": "y"])
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.promote(.version("1"), to: production, as: person, at: dawn)
            }
            let unmet = [UnmetCondition.notYet(in: "staging")]
            #expect(error == .refused(unit: "shop", channel: "production", unmet: unmet))
            #expect(error?.description.contains("promote it to staging first") == true)
            // It has been in dev, though dev runs the next by now.
            #expect(
                try await store.promote(.version("1"), to: staging, as: person, at: dawn).isNew
            )
        }
    }

    @Test func `every unmet condition is listed`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...1)
            try await store.publish("2", ["a": "y"])
            try await store.setHold(true, of: production, as: person, at: dawn)
            try await store.setFreeze(true, of: production, as: person, at: dawn)
            try await store.reject(.version("2"), of: "shop", because: "leaks", by: mira, at: dawn)
            let error = await #expect(throws: CodeStoreError.self) {
                let intent = PromotionIntent(actor: build)
                return try await store.promote(.version("2"), to: production, as: intent, at: dawn)
            }
            let unmet: [UnmetCondition] = [
                .rejected(reason: "leaks"), .notYet(in: "staging"), .held(reason: "go"),
                .frozen(reason: "go"),
            ]
            #expect(error == .refused(unit: "shop", channel: "production", unmet: unmet))
        }
    }

    @Test func `a channel that moved meanwhile is not moved again`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            try await store.publish("2", ["a": "y"])
            var intent = PromotionIntent(actor: mira, ifRev: 0)
            _ = try await store.promote(.version("1"), to: staging, as: intent, at: dawn)
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.promote(.version("2"), to: staging, as: intent, at: dawn)
            }
            #expect(error == .stale(unit: "shop", channel: "staging", rev: 3))
            intent.ifRev = 3
            #expect(try await store.promote(.version("2"), to: staging, as: intent, at: dawn).isNew)
        }
    }

    @Test func `of eight promoters exactly one wins each rev`() async throws {
        try await withStore { store, _ in
            for version in 0..<8 { try await store.publish("\(version)", ["a": "\(version)"]) }
            for round in 0..<5 {
                let rev = try await store.channels(of: "shop")[1].rev
                let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for version in 0..<8 {
                        group.addTask {
                            let intent = PromotionIntent(actor: mira, ifRev: rev)
                            do {
                                return try await store.promote(
                                    .version("\((version + round) % 8)"),
                                    to: staging,
                                    as: intent,
                                    at: dawn
                                ).isNew
                            } catch CodeStoreError.stale {
                                return false
                            }
                        }
                    }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(wins == 1)
            }
            let log = try await store.promotions(LogQuery(unit: "shop", channel: "staging"))
            #expect(log.count == 5)
            let pointer = try #require(store.pointer(unit: "shop", channel: "staging"))
            #expect(pointer.rev == log.first?.rev)
            #expect(pointer.version == log.first?.to?.version)
        }
    }

    @Test func `a key moves a channel once`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            try await store.publish("2", ["a": "y"])
            let intent = PromotionIntent(actor: mira, ifRev: 0, idempotencyKey: "k")
            let first = try await store.promote(.version("1"), to: staging, as: intent, at: dawn)
            _ = try await store.promote(.version("2"), to: staging, as: person, at: dawn)
            let again = try await store.promote(.version("1"), to: staging, as: intent, at: dawn)
            #expect(!again.isNew)
            #expect(again.promotion == first.promotion)
            #expect(store.pointer(unit: "shop", channel: "staging")?.version == "2")
            for (version, channel) in [("2", staging), ("1", production)] {
                await #expect(throws: CodeStoreError.keyReused("k")) {
                    try await store.promote(.version(version), to: channel, as: intent, at: dawn)
                }
            }
            await #expect(throws: CodeStoreError.keyReused("k")) {
                try await store.rollback(staging, as: intent, at: dawn)
            }
        }
    }

    @Test func `promoting what a channel runs writes nothing`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...1)
            let head = try await store.promotions(LogQuery()).first?.rev
            let again = try await store.promote(.version("1"), to: staging, as: person, at: dawn)
            #expect(!again.isNew)
            #expect(again.promotion.rev == 2)
            #expect(try await store.promotions(LogQuery()).first?.rev == head)
        }
    }

    @Test func `rollbacks go back step by step and hold the channel`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...3)
            let intent = PromotionIntent(actor: mira, reason: "500s")
            #expect(
                try await store.rollbackTargets(of: production).map(\.version) == ["2", "1"]
            )
            let first = try await store.rollback(production, as: intent, at: dawn)
            #expect(first.promotion.kind == .rollback)
            #expect(first.promotion.to?.version == "2")
            #expect(
                store.pointer(unit: "shop", channel: "production")?.hold
                    == "rolled back from 3: 500s"
            )
            let second = try await store.rollback(production, as: intent, at: dawn)
            #expect(second.promotion.to?.version == "1")
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.rollback(production, as: intent, at: dawn)
            }
            #expect(error == .notFound("shop/production has no earlier release to go back to"))
            let forth = try await store.rollback(
                production,
                to: .version("3"),
                as: intent,
                at: dawn
            )
            #expect(forth.promotion.to?.version == "3")
        }
    }

    @Test func `builds respect the hold of a rollback, and a person ends it`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...3)
            _ = try await store.rollback(production, as: person, at: dawn)
            let automatic = PromotionIntent(actor: build)
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.promote(.version("3"), to: production, as: automatic, at: dawn)
            }
            let unmet = [UnmetCondition.held(reason: "rolled back from 3: go")]
            #expect(error == .refused(unit: "shop", channel: "production", unmet: unmet))
            // What it runs may be confirmed, and that ends the hold too.
            #expect(
                try await store.promote(.version("2"), to: production, as: person, at: dawn).isNew
            )
            #expect(store.pointer(unit: "shop", channel: "production")?.hold == nil)
            #expect(
                try await store.promote(.version("3"), to: production, as: automatic, at: dawn)
                    .isNew
            )
        }
    }

    @Test func `a rollback passes over rejected releases`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...3)
            try await store.reject(.version("2"), of: "shop", because: "leaks", by: mira, at: dawn)
            #expect(try await store.rollbackTargets(of: production).map(\.version) == ["1"])
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.rollback(production, to: .version("2"), as: person, at: dawn)
            }
            let unmet = [UnmetCondition.rejected(reason: "leaks")]
            #expect(error == .refused(unit: "shop", channel: "production", unmet: unmet))
            let back = try await store.rollback(production, as: person, at: dawn)
            #expect(back.promotion.to?.version == "1")
        }
    }

    @Test func `a rollback leads only to what the channel has run`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...2)
            try await store.publish("3", ["a": "z"])
            let error = await #expect(throws: CodeStoreError.self) {
                try await store.rollback(production, to: .version("3"), as: person, at: dawn)
            }
            let unmet = [UnmetCondition.neverHere]
            #expect(error == .refused(unit: "shop", channel: "production", unmet: unmet))
        }
    }

    @Test func `a frozen channel moves only back`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...2)
            try await store.publish("3", ["a": "z"])
            _ = try await store.promote(.version("3"), to: staging, as: person, at: dawn)
            try await store.setFreeze(
                true,
                of: production,
                as: PromotionIntent(actor: mira, reason: "month end"),
                at: dawn
            )
            #expect(store.pointer(unit: "shop", channel: "production")?.freeze == "month end")
            await #expect(throws: CodeStoreError.self) {
                try await store.promote(.version("3"), to: production, as: person, at: dawn)
            }
            #expect(try await store.rollback(production, as: person, at: dawn).isNew)
            try await store.setFreeze(false, of: production, as: person, at: dawn)
            #expect(
                try await store.promote(.version("3"), to: production, as: person, at: dawn).isNew
            )
        }
    }

    @Test func `holds and freezes are rows of the log and need a reason`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            let silent = PromotionIntent(actor: mira, reason: " ")
            await #expect(throws: CodeStoreError.self) {
                try await store.setHold(true, of: dev, as: silent, at: dawn)
            }
            await #expect(throws: CodeStoreError.self) {
                try await store.setFreeze(true, of: dev, as: silent, at: dawn)
            }
            let held = try await store.setHold(true, of: dev, as: person, at: dawn)
            #expect(held?.kind == .hold)
            #expect(held?.from == held?.to)
            #expect(try await store.setHold(true, of: dev, as: person, at: dawn) == nil)
            #expect(try await store.setHold(false, of: dev, as: silent, at: dawn)?.kind == .unhold)
            #expect(try await store.setHold(false, of: dev, as: silent, at: dawn) == nil)
            #expect(try await store.setFreeze(true, of: staging, as: person, at: dawn)?.to == nil)
            let log = try await store.promotions(LogQuery())
            #expect(log.map(\.kind) == [.freeze, .unhold, .hold, .promote])
        }
    }

    @Test func `a rejection is final, with its first reason`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            let first = try await store.reject(
                .version("1"),
                of: "shop",
                because: "leaks",
                by: mira,
                at: dawn
            )
            let second = try await store.reject(
                .version("1"),
                of: "shop",
                because: "other",
                by: build,
                at: dawn + hour
            )
            #expect(second.rejection == first.rejection)
            #expect(second.rejection == Rejection(reason: "leaks", actor: mira, at: dawn))
            await #expect(throws: CodeStoreError.self) {
                try await store.promote(.version("1"), to: staging, as: person, at: dawn)
            }
        }
    }

    @Test func `a policy names a channel that comes before`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            await #expect(throws: CodeStoreError.self) {
                try await store.setPolicy(ChannelPolicy(from: "production"), of: staging)
            }
            await #expect(throws: CodeStoreError.self) {
                try await store.setPolicy(ChannelPolicy(from: "moon"), of: staging)
            }
            try await store.setPolicy(ChannelPolicy(from: nil), of: production)
            #expect(
                try await store.promote(.version("1"), to: production, as: person, at: dawn).isNew
            )
        }
    }

    @Test func `who is unknown is told what there is`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            let stranger = ChannelKey(unit: "shop", channel: "moon")
            var error = await #expect(throws: CodeStoreError.self) {
                try await store.promote(.version("1"), to: stranger, as: person, at: dawn)
            }
            #expect(
                error == .notFound("shop has no channel 'moon'; it has dev, staging, production")
            )
            error = await #expect(throws: CodeStoreError.self) {
                try await store.promote(.version("9"), to: staging, as: person, at: dawn)
            }
            #expect(error == .notFound("shop has no release '9'"))
            await #expect(throws: CodeStoreError.self) { try await store.channels(of: "shops") }
        }
    }

    @Test func `observers hear of every change in the order of the log`() async throws {
        try await withStore { store, _ in
            let heard = Mutex<[Int64]>([])
            let observation = store.observePointers { pointer in
                heard.withLock { $0.append(pointer.rev) }
            }
            try await store.ship(1...3)
            try await store.setHold(true, of: dev, as: person, at: dawn)
            _ = try await store.promote(.version("3"), to: staging, as: person, at: dawn)
            #expect(heard.withLock { $0 } == Array(1...10))
            observation.cancel()
            _ = try await store.rollback(production, as: person, at: dawn)
            #expect(heard.withLock { $0.count } == 10)
        }
    }

    @Test func `an observer sees the pointer it hears of`() async throws {
        try await withStore { store, _ in
            let agrees = Mutex(0)
            let observation = store.observePointers { pointer in
                let seen = store.pointer(unit: pointer.unit, channel: pointer.channel)
                agrees.withLock { $0 += seen == pointer ? 1 : 0 }
            }
            try await store.ship(1...2)
            observation.cancel()
            #expect(agrees.withLock { $0 } == 6)
        }
    }
}
