/// The decision which lines of a log a page loads.
///
/// A page must open at once however long the log is, so it holds a bounded number of lines and
/// says what it leaves out.
package enum LogWindow {
    /// Lines that one step of reading adds.
    package static let linesMax = 500
    /// Bytes of one slice; a line that does not fit is cut there, and the slice ends with it.
    package static let sliceBytesMax = 512 << 10
    /// Logs up to here are shown whole.
    private static let wholeMax = 1000
    /// Lines at the top of a longer one.
    private static let headMax = 100

    /// The ranges of line numbers to read.
    ///
    /// - Parameters:
    ///   - lines: how many the log has, a last one without newline included.
    ///   - from: the `from` of the address; nil shows the beginning and the end.
    /// - Returns: In order and apart; none for an empty log.
    package static func ranges(of lines: Int, from: Int?) -> [Range<Int>] {
        guard lines > 0 else { return [] }
        let end = lines + 1
        if lines <= wholeMax { return [1..<end] }
        guard let from else { return [1..<(headMax + 1), (end - linesMax)..<end] }
        let start = min(max(1, from), lines)
        return [start..<min(start + linesMax, end)]
    }
}
