func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

/// Whether the byte could end a line, a field or a C string somewhere on its way.
private func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

/// The text in quotes, made safe to print: control bytes as `\xNN`, at most 80 bytes.
func quoted(_ text: String) -> String {
    var out: [UInt8] = []
    for byte in text.utf8.prefix(80) {
        if isControl(byte) {
            let digits = String(byte, radix: 16)
            out += Array("\\x\(digits.count < 2 ? "0" : "")\(digits)".utf8)
        } else {
            out.append(byte)
        }
    }
    let dots = text.utf8.count > 80 ? "…" : ""
    return "\"\(String(decoding: out, as: UTF8.self))\(dots)\""
}

/// Checks of single values on their way to the command line, all on bytes.
enum Argument {
    /// A name of a container, volume or network: `[A-Za-z0-9][A-Za-z0-9_.-]*`.
    static func name(_ text: String) throws(DockerError) -> String {
        let bytes = Array(text.utf8)
        let isFine = bytes.enumerated().allSatisfy { index, byte in
            isLower(byte) || isUpper(byte) || isDigit(byte)
                || (index > 0
                    && [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")].contains(byte))
        }
        guard isFine, !bytes.isEmpty, bytes.count <= 128 else {
            throw refusal("name", text, "use letters, digits, '.', '_' and '-'")
        }
        return text
    }

    /// A label's key: `[a-z0-9._-]+`, so that it can stand in a template too.
    static func labelKey(_ text: String) throws(DockerError) -> String {
        let isFine = text.utf8.allSatisfy {
            isLower($0) || isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: "_")
        }
        guard isFine, !text.isEmpty, text.utf8.count <= 128 else {
            throw refusal("label", text, "use lower-case letters, digits, '.', '_' and '-'")
        }
        return text
    }

    /// Text that stays within its argument: no control bytes, at most 4,096 bytes.
    static func text(_ text: String, _ what: String) throws(DockerError) -> String {
        guard !text.utf8.contains(where: isControl), text.utf8.count <= 4_096 else {
            throw refusal(what, text, "it holds control bytes or is longer than 4,096 bytes")
        }
        return text
    }

    /// An absolute path without control bytes and without `..`.
    static func path(_ path: String, _ what: String) throws(DockerError) -> String {
        _ = try text(path, what)
        let components = path.utf8.split(separator: UInt8(ascii: "/"))
        let climbs = components.contains { $0.elementsEqual("..".utf8) }
        guard path.utf8.first == UInt8(ascii: "/"), !climbs else {
            throw refusal(what, path, "it must be absolute and without '..'")
        }
        return path
    }

    private static func refusal(_ what: String, _ text: String, _ why: String) -> DockerError {
        DockerError(code: .refused, message: "\(quoted(text)) cannot be a \(what): \(why)")
    }
}
