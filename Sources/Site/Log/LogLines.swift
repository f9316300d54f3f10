import Core

/// Draws slices of a step's log as numbered lines.
struct LogLines {
    var job: JobID
    var step: Int
    /// An excerpt on another page: numbers lead to the log.
    var isShort = false

    /// Of one line; what is longer is in the raw log.
    static let lineBytesMax = 16 << 10

    /// A drawn slice.
    struct List {
        var markup: Markup
        /// Of the lines, in order.
        var numbers: [Int]
        /// Where the live log goes on: the number of the next line, its offset in the log, and
        /// the style that holds there.
        var next: (line: Int, offset: Int, style: TextStyle)
    }

    /// Splits the slice into lines and draws them.
    func list(of slice: LogSlice) -> List {
        var writer = LineWriter(style: .plain)
        var numbers: [Int] = []
        var next = (line: slice.firstLine, offset: slice.offset, style: TextStyle.plain)
        var rest = slice.bytes[...]
        writer.add(isShort ? "<ol class=\"log short\">\n" : "<ol class=\"log\">\n")
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            let isComplete = line.endIndex < rest.endIndex
            rest = rest[line.endIndex...].dropFirst()
            let number = slice.firstLine + numbers.count
            numbers.append(number)
            draw(line, number: number, omitted: rest.isEmpty ? slice.omitted : 0, into: &writer)
            if isComplete || slice.omitted > 0 {
                let end = slice.offset + (rest.isEmpty ? slice.bytes.count : rest.startIndex)
                next = (number + 1, end + (rest.isEmpty ? slice.omitted : 0), writer.style)
            }
        }
        writer.add("</ol>\n")
        return List(
            markup: Markup(trusted: String(decoding: writer.html, as: UTF8.self)),
            numbers: numbers,
            next: next
        )
    }

    private func draw(
        _ line: ArraySlice<UInt8>,
        number: Int,
        omitted: Int,
        into writer: inout LineWriter
    ) {
        let anchor = Link.anchor(step: step, line: number)
        if isShort {
            let link = Link.line(job, step: step, line: number)
            writer.add("<li><a href=\"\(link)\" tabindex=\"-1\">\(number)</a><span>")
        } else {
            writer.add(
                "<li id=\"\(anchor)\"><a href=\"#\(anchor)\" tabindex=\"-1\">\(number)</a><span>"
            )
        }
        let shown = line.prefix(Self.lineBytesMax)
        writer.write(shown)
        let hidden = line.count - shown.count + omitted
        if hidden > 0 {
            let raw = Link.rawLog(job, step: step)
            writer.add(
                "<a class=\"rest\" href=\"\(raw)\">… \(sized(hidden)) more in the raw log</a>"
            )
        }
        writer.add("</span></li>\n")
    }
}
