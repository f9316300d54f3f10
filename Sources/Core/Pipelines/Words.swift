/// What images, paths and labels may look like, written or put together from values.
///
/// They end up in the arguments of programs and in addresses, so the rules are decided on bytes.
extension ImageSource {
    /// As a pipeline writes it.
    package var written: String {
        switch self {
        case .reference(let reference): reference
        case .folder(let name): "./containers/\(name)"
        }
    }

    /// Reads an image reference, or `./containers/NAME`; nil where it is neither.
    package init?(written text: String) {
        let folder = "./containers/".utf8
        if text.utf8.starts(with: folder) {
            let name = String(decoding: text.utf8.dropFirst(folder.count), as: UTF8.self)
            guard Name.isValid(name) else { return nil }
            self = .folder(name)
            return
        }
        guard let first = text.utf8.first, isLetterOrDigit(first),
            text.utf8.count <= Self.lengthMax,
            text.utf8.allSatisfy({ isLetterOrDigit($0) || "._-/:@".utf8.contains($0) })
        else { return nil }
        self = .reference(text)
    }

    package static let lengthMax = 512
}

/// A path that stays below the workspace.
package enum WorkspacePath {
    package static let lengthMax = 1_024

    /// What is wrong with the path, or nil.
    package static func complaint(_ text: String) -> String? {
        let bytes = text.utf8
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if bytes.isEmpty { return "is empty" }
        if bytes.count > lengthMax { return "is longer than \(lengthMax) bytes" }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "has a control character" }
        if bytes.first == UInt8(ascii: "/") { return "is not relative" }
        if parts.contains(where: { $0.elementsEqual("..".utf8) }) { return "leaves the workspace" }
        return nil
    }
}

/// A name for people: one line, not long.
package enum Label {
    package static let lengthMax = 100

    /// What is wrong with the label, or nil.
    package static func complaint(_ text: String) -> String? {
        if text.isEmpty { return "is empty" }
        if text.utf8.count > lengthMax { return "is longer than \(lengthMax) bytes" }
        // Most are ASCII, and the tables of Unicode are slow.
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return nil }
        let hasControl = text.unicodeScalars.contains { scalar in
            if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
            return switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            case _: false
            }
        }
        return hasControl ? "has a control character" : nil
    }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case _:
        false
    }
}
