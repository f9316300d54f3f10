import Foundation
import Git
import Testing

@Suite struct PassingStoreTests {
    @Test func `what nobody used for a month goes, and repositories stay`() throws {
        let scratch = try Scratch()
        let stores = PassingStores(in: scratch.folder)
        for name in ["~old", "~used", "~new", "shop"] {
            _ = try Mirror(at: stores.path(of: name))
            let month: TimeInterval = name == "~new" ? 0 : 31 * 86_400
            try FileManager.default.setAttributes(
                [.modificationDate: Date().addingTimeInterval(-month)],
                ofItemAtPath: stores.path(of: name)
            )
        }
        stores.noteUse(of: "~used")
        #expect(stores.removeUnused() == ["~old"])
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder)
        #expect(Set(left) == ["~used.git", "~new.git", "shop.git"])
    }

    @Test func `there are never more than a bound`() throws {
        let scratch = try Scratch()
        for number in 1...520 {
            try FileManager.default.createDirectory(
                atPath: scratch.path("~\(number).git"),
                withIntermediateDirectories: true
            )
        }
        let stores = PassingStores(in: scratch.folder)
        #expect(stores.removeUnused().count == 21)
        #expect(stores.removeUnused().isEmpty)
    }
}
