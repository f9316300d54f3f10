/// HTML that may go out as it is.
///
/// Escaping is decided by type: text put into a literal is escaped, markup is not, and nothing
/// else is accepted, so that forgetting is impossible.
struct Markup: Equatable, Sendable {
    private(set) var html: String

    /// Text of any origin, made harmless.
    init(text: String) {
        html = escaped(text)
    }

    /// What Site itself has made, every outside byte in it already escaped.
    init(trusted html: String) {
        self.html = html
    }

    static func + (left: Markup, right: Markup) -> Markup { "\(left)\(right)" }
}

extension Markup: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) {
        html = value
    }

    init(stringInterpolation: Interpolation) {
        html = stringInterpolation.html
    }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            html.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) {
            html += literal
        }

        mutating func appendInterpolation(_ text: String) {
            html += escaped(text)
        }

        mutating func appendInterpolation(_ number: Int) {
            html += String(number)
        }

        mutating func appendInterpolation(_ markup: Markup) {
            html += markup.html
        }

        /// A length in a drawing, to the tenth.
        mutating func appendInterpolation(_ length: Length) {
            html += length.text
        }

        /// A name from outside, kept from turning the words around it.
        mutating func appendInterpolation(name: String) {
            html += "<bdi>\(escaped(name))</bdi>"
        }

        /// What a machine wrote: a hash, a path, a label, a command.
        mutating func appendInterpolation(code: String) {
            html += "<code><bdi>\(escaped(code))</bdi></code>"
        }

        mutating func appendInterpolation(bold: String) {
            html += "<b><bdi>\(escaped(bold))</bdi></b>"
        }

        /// The attribute value alone; the quotes are the caller's.
        mutating func appendInterpolation(_ link: Link) {
            html += escaped(link.path)
        }
    }
}

extension [Markup] {
    /// All of them, with `separator` between.
    func joined(_ separator: Markup = "") -> Markup {
        guard var whole = first else { return "" }
        for part in dropFirst() {
            whole = "\(whole)\(separator)\(part)"
        }
        return whole
    }
}

/// Text in which no byte means anything to an HTML parser, in content and in quoted attributes.
///
/// Decided byte by byte: a quote that a combining mark has merged into one `Character` is still
/// a quote to a browser.
func escaped(_ text: String) -> String {
    var text = text
    return text.withUTF8 { bytes in
        guard bytes.contains(where: { entity(for: $0) != nil }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var escaped: [UInt8] = []
        escaped.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes { appendEscaped(byte, to: &escaped) }
        return String(decoding: escaped, as: UTF8.self)
    }
}

/// Appends one byte of text, as an entity where HTML would read it as anything but text.
func appendEscaped(_ byte: UInt8, to escaped: inout [UInt8]) {
    if let entity = entity(for: byte) {
        escaped.append(contentsOf: entity.utf8)
    } else {
        escaped.append(byte)
    }
}

private func entity(for byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    // NUL is a parse error in HTML, and shows as nothing.
    case 0: "\u{FFFD}"
    case _: nil
    }
}
