import Core

/// Lines that a page leaves out.
struct LogHole: Equatable {
    var first: Int
    var last: Int
    var bytes: Int

    /// What lies before, between and after the slices of a log.
    ///
    /// - Returns: One for each slice and one for the end, nil where nothing is left out.
    static func around(_ drawn: [(slice: LogSlice, list: LogLines.List)], lines: Int, length: Int)
        -> [LogHole?]
    {
        var holes: [LogHole?] = []
        var next = (line: 1, offset: 0)
        for (slice, list) in drawn {
            holes.append(
                hole(from: next, to: (slice.firstLine, slice.offset))
            )
            next = (
                (list.numbers.last ?? slice.firstLine - 1) + 1,
                slice.offset + slice.bytes.count + slice.omitted
            )
        }
        holes.append(hole(from: next, to: (lines + 1, length)))
        return holes
    }

    private static func hole(from: (line: Int, offset: Int), to: (line: Int, offset: Int))
        -> LogHole?
    {
        guard from.line < to.line else { return nil }
        return LogHole(first: from.line, last: to.line - 1, bytes: max(0, to.offset - from.offset))
    }

    /// The sentence and the links that load it; they work without the script.
    func markup(job: JobID, step: Int) -> Markup {
        let size = LogWindow.linesMax
        let start = Link.lines(job, step: step, from: first)
        let end = Link.lines(job, step: step, from: max(first, last - size + 1))
        let buttons: Markup =
            last - first < size
            ? "<a class=\"btn\" href=\"\(start)\">Load</a>"
            : """
            <a class="btn" href="\(start)">Next \(size)</a> \
            <a class="btn" href="\(end)">Last \(size)</a>
            """
        let lines =
            first == last
            ? "Line \(grouped(first)) is" : "Lines \(grouped(first)) to \(grouped(last)) are"
        return """
            <p class="hole" data-first="\(first)" data-last="\(last)">\
            <span>\(lines) not loaded: \(sized(bytes)).</span> \(buttons)</p>
            """
    }
}
