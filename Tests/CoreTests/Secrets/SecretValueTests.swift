import Core
import Foundation
import Testing

@Suite struct SecretValueTests {
    @Test func `a value shows itself in no description`() {
        let value = SecretValue("hunter2-hunter2")
        let holder = [value: Optional(value)]
        var dumped = ""
        dump(holder, to: &dumped)
        for text in ["\(value)", "\(holder)", String(reflecting: holder), dumped] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
    }

    @Test func `it travels as the very text`() throws {
        let data = try JSONEncoder().encode([SecretValue("a\n\"é")])
        #expect(try JSONDecoder().decode([String].self, from: data) == ["a\n\"é"])
        #expect(try JSONDecoder().decode([SecretValue].self, from: data) == [SecretValue("a\n\"é")])
    }

    @Test(arguments: ["", "abc", "abc\0def", String(repeating: "x", count: 49_153)])
    func `what cannot be given or hidden is refused and never repeated`(text: String) {
        let problem = SecretValue(text).problem
        #expect(problem != nil)
        #expect(text.utf8.count < 4 || problem?.contains("abc") == false)
    }

    @Test func `a short one is taken with a warning`() {
        #expect(SecretValue("abcd").problem == nil && SecretValue("abcdefg").warning != nil)
        #expect(SecretValue("abcdefgh").warning == nil)
        #expect(SecretValue(String(repeating: "x", count: 49_152)).problem == nil)
    }
}
