import Core

extension Markup {
    /// One bar a build, newest right: the height is time, red also hangs below the line,
    /// an exception has a foot, what was cancelled is hollow.
    static func sparkBars(_ bars: [BuildBar], of repository: String) -> Markup {
        let shown = bars.suffix(24)
        guard !shown.isEmpty else { return "" }
        let longest = max(shown.map(\.seconds).max() ?? 0, 0.001)
        let start = 24 - shown.count
        let drawn = shown.enumerated().map { index, bar in
            self.bar(bar, at: Double(start + index) * 5.5, longest: longest)
        }
        return """
            <svg class="spark" viewBox="0 0 130.5 26" width="130.5" height="26" role="img" \
            aria-label="\(sentence(Array(shown), of: repository))">\(drawn.joined())\
            <path class="base" d="M0 20.5h130.5"/></svg>
            """
    }

    private static func bar(_ bar: BuildBar, at x: Double, longest: Double) -> Markup {
        let height = 2 + 18 * min(1, max(0, bar.seconds) / longest)
        let word = bar.standing.word
        guard case .finished(let result) = bar.standing else {
            return rect(word, x: x, y: 20 - height, height: height)
        }
        switch result {
        case .success, .warnings, .skipped:
            return rect(word, x: x, y: 20 - height, height: height)
        case .failure:
            return rect(word, x: x, y: 20 - height, height: height + 6)
        case .exception, .retry:
            return rect(word, x: x, y: 20 - height, height: height)
                + rect(word, x: x, y: 22, height: 4)
        case .cancelled:
            return """
                <rect class="is-\(word) hollow" x="\(Length(x + 0.5))" \
                y="\(Length(20.5 - height))" width="3" height="\(Length(height - 1))"/>
                """
        }
    }

    private static func rect(_ word: String, x: Double, y: Double, height: Double) -> Markup {
        """
        <rect class="is-\(word)" x="\(Length(x))" y="\(Length(y))" width="4" \
        height="\(Length(height))"/>
        """
    }

    /// The finding, for who cannot see the bars.
    private static func sentence(_ bars: [BuildBar], of repository: String) -> String {
        var tally: [(word: String, count: Int)] = []
        for bar in bars {
            if let index = tally.firstIndex(where: { $0.word == bar.standing.word }) {
                tally[index].count += 1
            } else {
                tally.append((bar.standing.word, 1))
            }
        }
        let parts = tally.map { "\($0.count) \($0.word)" }.joined(separator: ", ")
        return "Last \(count(bars.count, "build")) of \(repository): \(parts)"
    }
}
