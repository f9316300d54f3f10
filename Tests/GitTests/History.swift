/// A tangled history, the same each time.
enum History {
    /// A stream for `git fast-import`, with the branch `cN` on commit N.
    static func stream(commitCount: Int) -> String {
        var seed: UInt64 = 7
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        var text = ""
        for number in 0..<commitCount {
            text += "commit refs/heads/c\(number)\nmark :\(number + 1)\n"
            // Several commits share a second, and some clocks go backwards.
            text += "committer A <a@b> \(1_700_000_000 + number / 3 - random(5)) +0000\ndata 0\n"
            if number > 0 {
                text += "from :\(number - random(min(number, 4)))\n"
                if random(3) == 0 { text += "merge :\(1 + random(number))\n" }
            }
            // Few files with few contents: changes, reverts, moves and equal folders.
            for _ in 0...random(3) {
                text += "M 100644 inline d\(random(3))/d\(random(2))/f\(random(3))\n"
                text += "data <<E\n\(random(4))\nE\n"
            }
            text += "\n"
        }
        return text
    }
}
