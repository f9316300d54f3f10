import Core
import Testing

@Suite struct NearestTests {
    @Test(
        arguments: zip(
            [
                "timeuot", "Image", "allow-failure", "stepss", "tseps", "imag", "xyz", "e", "",
                "timeout-minutes", "environment",
            ],
            [
                "timeout", "image", "allow_failure", "steps", "steps", "image", nil, nil, nil, nil,
                nil,
            ]
                as [String?]
        )
    )
    func `the nearest word is found, or none`(typo: String, word: String?) {
        let words = ["image", "timeout", "steps", "allow_failure", "env"]
        #expect(nearest(to: typo, among: words) == word)
    }

    @Test func `of equals the first is taken, and a nearer one before it`() {
        #expect(nearest(to: "cat", among: ["car", "cab"]) == "car")
        #expect(nearest(to: "branches", among: ["brunchs", "branch", "branche"]) == "branche")
    }

    @Test(arguments: 0..<4)
    func `looking near the diagonal alone finds the same`(seed: UInt64) {
        var random = SplitMix64(state: seed)
        for _ in 0..<500 {
            let words = (0..<4).map { _ in anyWord(&random) }
            let word = anyWord(&random)
            let distances = words.map { distance(Array(word.utf8), Array($0.utf8)) }
            let limit = min(max(1, word.utf8.count / 3), word.utf8.count - 1)
            let best = distances.min().flatMap { $0 <= limit ? distances.firstIndex(of: $0) : nil }
            #expect(nearest(to: word, among: words) == best.map { words[$0] }, "\(word) \(words)")
        }
    }

    private func anyWord(_ random: inout SplitMix64) -> String {
        let length = Int.random(in: 1...9, using: &random)
        return String((0..<length).map { _ in "abc".randomElement(using: &random) ?? "a" })
    }

    /// The whole table, as textbooks have it.
    private func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var table = [[Int]](
            repeating: [Int](repeating: 0, count: right.count + 1),
            count: left.count + 1
        )
        for row in 0...left.count { table[row][0] = row }
        for column in 0...right.count { table[0][column] = column }
        for row in 1...left.count {
            for column in 1...right.count {
                let isEqual = left[row - 1] == right[column - 1]
                var cost = min(table[row - 1][column], table[row][column - 1]) + 1
                cost = min(cost, table[row - 1][column - 1] + (isEqual ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2],
                    left[row - 2] == right[column - 1]
                {
                    cost = min(cost, table[row - 2][column - 2] + 1)
                }
                table[row][column] = cost
            }
        }
        return table[left.count][right.count]
    }
}
