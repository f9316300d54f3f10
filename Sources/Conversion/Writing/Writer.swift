/// Writes a tree as a person would: short things on one line, scripts below `|`.
struct Writer {
    private var text = ""

    private static let columnsMax = 96
    private static let indentation = 2

    static func text(of mapping: Mapping) -> String {
        var writer = Writer()
        writer.write(mapping, indent: 0)
        return writer.text
    }

    private mutating func write(_ mapping: Mapping, indent: Int, isInItem: Bool = false) {
        for (index, entry) in mapping.entries.enumerated() {
            if entry.isApart, !text.isEmpty { text += "\n" }
            let isFirst = isInItem && index == 0
            if !isFirst { comment(entry.comments, indent: indent) }
            let key = Scalar.key(entry.key, isInFlow: false) + ":"
            text += isFirst ? key : spaces(indent) + key
            write(entry.value, behind: indent + key.unicodeScalars.count, indent: indent)
        }
        if mapping.endsApart, !mapping.comments.isEmpty { text += "\n" }
        comment(mapping.comments, indent: indent)
    }

    /// Writes a value behind its key, or below it.
    private mutating func write(_ value: Tree, behind column: Int, indent: Int) {
        if let line = value.onOneLine(columnsMax: Self.columnsMax - column - 1) {
            switch value {
            case .text(let text): self.text += " \(Scalar.inBlock(text))\n"
            case .word, .list, .mapping: text += " \(line)\n"
            }
            return
        }
        switch value {
        case .text(let text): write(text, indent: indent)
        case .word(let word): text += " \(word)\n"
        case .list(let items):
            text += "\n"
            for item in items { write(item: item, indent: indent + Self.indentation) }
        case .mapping(let mapping):
            text += "\n"
            write(mapping, indent: indent + Self.indentation)
        }
    }

    private mutating func write(item: Tree, indent: Int) {
        let inner = indent + Self.indentation
        if case .mapping(let mapping) = item, mapping.entries.isEmpty, !mapping.comments.isEmpty {
            comment(mapping.comments, indent: indent)
            return
        }
        // What is said above the first key belongs above the whole item.
        if case .mapping(let mapping) = item, mapping.isBlock || item.hasComments {
            comment(mapping.entries.first?.comments ?? [], indent: indent)
        }
        text += spaces(indent) + "-"
        if let line = item.onOneLine(columnsMax: Self.columnsMax - inner) {
            switch item {
            case .text(let text): self.text += " \(Scalar.inBlock(text))\n"
            case .word, .list, .mapping: text += " \(line)\n"
            }
            return
        }
        switch item {
        case .text(let text): write(text, indent: indent)
        case .word(let word): text += " \(word)\n"
        case .list(let items):
            text += "\n"
            for item in items { write(item: item, indent: inner) }
        case .mapping(let mapping):
            text += " "
            write(mapping, indent: inner, isInItem: true)
        }
    }

    /// Writes a text that is long or has several lines.
    private mutating func write(_ long: String, indent: Int) {
        guard Scalar.canStandBelowBar(long) else {
            text += " \(Scalar.inBlock(long))\n"
            return
        }
        let lines = long.lines
        let isEnded = lines.last?.isEmpty ?? false
        let isLoose = isEnded && lines.dropLast().last?.isEmpty ?? false
        let startsBlank = lines.first { !$0.isEmpty }?.utf8.first?.isBlank ?? false
        text += " |" + (startsBlank ? "\(Self.indentation)" : "")
        text += isLoose ? "+\n" : isEnded ? "\n" : "-\n"
        for line in isEnded ? lines.dropLast() : lines[...] {
            text += line.isEmpty ? "\n" : spaces(indent + Self.indentation) + line + "\n"
        }
    }

    private mutating func comment(_ lines: [String], indent: Int) {
        for line in lines.flatMap({ wrapped($0, columnsMax: Self.columnsMax - indent - 2) }) {
            text += spaces(indent) + (line.isEmpty ? "#\n" : "# \(line)\n")
        }
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}

/// A comment in lines of a width, broken between words.
private func wrapped(_ text: String, columnsMax: Int) -> [String] {
    guard text.unicodeScalars.count > columnsMax else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.pieces(at: " ") {
        if !line.isEmpty, line.unicodeScalars.count + word.unicodeScalars.count + 1 > columnsMax {
            lines.append(line)
            line = "  " + word
        } else {
            line += line.isEmpty ? word : " " + word
        }
    }
    return lines + [line]
}
