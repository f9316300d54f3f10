import Foundation
import Glibc

/// Standard output for what was asked for, standard error for everything said about it.
struct Output: Sendable {
    /// Whether lines for people may have colours.
    let isColoured: Bool

    static let standard = Output(
        isColoured: wantsColours(
            isTerminal: isatty(STDOUT_FILENO) == 1,
            environment: ProcessInfo.processInfo.environment
        )
    )

    /// Colours are for terminals, and for people who did not say no (https://no-color.org).
    static func wantsColours(isTerminal: Bool, environment: [String: String]) -> Bool {
        isTerminal && environment["NO_COLOR", default: ""].isEmpty
            && environment["TERM"] != "dumb"
    }

    func line(_ text: String) {
        write(Array((text + "\n").utf8), to: STDOUT_FILENO)
    }

    /// A line of several texts, a space between them; empty ones leave no gap.
    func line(_ parts: [Tinted]) {
        line(
            parts.filter { !$0.text.isEmpty }
                .map { $0.rendered(isColoured: isColoured) }
                .joined(separator: " ")
        )
    }

    func table(_ table: Table, orSay nothing: String = "") {
        if table.isEmpty { return note(nothing) }
        for text in table.lines(isColoured: isColoured) { line(text) }
    }

    /// Bytes as they are, such as a log's.
    func bytes(_ bytes: some Sequence<UInt8>) {
        write(Array(bytes), to: STDOUT_FILENO)
    }

    /// The server's own JSON, as `--json` prints it.
    func json(_ data: Data) {
        bytes(data)
        if data.last != UInt8(ascii: "\n") { bytes([UInt8(ascii: "\n")]) }
    }

    /// A remark that is not part of the answer.
    func note(_ text: String) {
        write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Who read us went away, as `head` does: nothing is left to say, or to say it to.
            guard count > 0 else { exit(CommandStatus.done.rawValue) }
            rest = rest.dropFirst(count)
        }
    }
}

/// Text from elsewhere without what would move a terminal's cursor, on one line.
func printable(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control where scalar == "\n" || scalar == "\t": line.append(" ")
        case .control, .format, .lineSeparator, .paragraphSeparator: line.append("\u{FFFD}")
        case _: line.append(scalar)
        }
    }
    return String(line)
}
