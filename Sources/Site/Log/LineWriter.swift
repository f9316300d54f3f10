/// Writes the bytes of one log line as HTML.
///
/// Whatever a program printed ends up as text: HTML is escaped, colours become classes, other
/// terminal sequences vanish, control characters become visible, and what is not UTF-8 becomes
/// the replacement character when the whole is decoded.
struct LineWriter {
    private(set) var style: TextStyle
    private(set) var html: [UInt8] = []
    private var open = TextStyle.plain
    private var start = 0

    init(style: TextStyle) {
        self.style = style
    }

    /// Adds one line, without its newline.
    ///
    /// A carriage return inside it begins the line again, as on a terminal: of a progress bar
    /// only the last state stays.
    mutating func write(_ line: ArraySlice<UInt8>) {
        start = html.count
        open = .plain
        var rest = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        while let byte = rest.popFirst() {
            switch byte {
            case 0x1B: skipSequence(&rest)
            case UInt8(ascii: "\r"): beginAgain()
            case UInt8(ascii: "\t"): put(byte)
            case 0x07, 0x08: break
            case 0..<0x20: put([0xE2, 0x90, 0x80 + byte])
            case 0x7F: put([0xE2, 0x90, 0xA1])
            case _: put(byte)
            }
        }
        close()
    }

    /// Adds markup of ours, outside any line.
    mutating func add(_ markup: Markup) {
        html.append(contentsOf: markup.html.utf8)
    }

    private mutating func beginAgain() {
        html.removeSubrange(start...)
        open = .plain
    }

    private mutating func put(_ byte: UInt8) {
        turnTo(style)
        appendEscaped(byte, to: &html)
    }

    /// A picture of a control character, as UTF-8.
    private mutating func put(_ picture: [UInt8]) {
        turnTo(style)
        html.append(contentsOf: picture)
    }

    private mutating func turnTo(_ style: TextStyle) {
        guard style != open else { return }
        close()
        guard style != .plain else { return }
        add("<span class=\"\(style.classes)\">")
        open = style
    }

    private mutating func close() {
        if open != .plain { add("</span>") }
        open = .plain
    }

    /// Reads the rest of an escape sequence, of which only colours mean anything here.
    private mutating func skipSequence(_ rest: inout ArraySlice<UInt8>) {
        guard let kind = rest.popFirst() else { return }
        switch kind {
        case UInt8(ascii: "["): readControl(&rest)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            Self.skipString(&rest)
        case 0x20...0x2F:
            while let byte = rest.popFirst(), (0x20...0x2F).contains(byte) {}
        case _: break
        }
    }

    private mutating func readControl(_ rest: inout ArraySlice<UInt8>) {
        let parameters = rest.prefix { (0x20...0x3F).contains($0) }
        rest = rest.dropFirst(parameters.count)
        guard rest.popFirst() == UInt8(ascii: "m"), parameters.count <= 64 else { return }
        var numbers: [Int] = []
        for part in parameters.split(
            whereSeparator: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ":") }
        ) {
            guard let number = Int(String(decoding: part, as: UTF8.self)) else { return }
            numbers.append(number)
        }
        style.apply(numbers)
    }

    /// Skips to the end of an operating system command, such as a window title or a link.
    private static func skipString(_ rest: inout ArraySlice<UInt8>) {
        while let byte = rest.popFirst() {
            if byte == 0x07 { return }
            if byte == 0x1B {
                if rest.first == UInt8(ascii: "\\") { rest.removeFirst() }
                return
            }
        }
    }
}
