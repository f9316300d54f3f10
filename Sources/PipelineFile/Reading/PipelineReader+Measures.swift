import Core

/// Numbers, and numbers with a unit.
extension PipelineReader {
    /// `30s`, `10m`, `2h` or `7d`.
    mutating func duration(_ entry: Entry) -> TimeSpan? {
        guard let text = text(entry) else { return nil }
        if let span = TimeSpan(written: text) { return span }
        let (digits, unit) = split(text)
        if !digits.isEmpty, ["s", "m", "h", "d"].contains(unit) {
            let bounds = "\(TimeSpan.range.lowerBound) and \(TimeSpan.range.upperBound)"
            problems.add(
                "\(quoted(entry.key)) must be between \(bounds)",
                at: entry.value.start
            )
            return nil
        }
        let isBare = !digits.isEmpty && unit.isEmpty
        problems.add(
            "\(quoted(text)) is not a duration",
            at: entry.value.start,
            hint: isBare
                ? "say the unit: '\(shortened(text))s', '\(shortened(text))m' or so"
                : "a duration is a whole number and a unit: 30s, 10m, 2h or 7d"
        )
        return nil
    }

    /// `512MiB` or `8GiB`.
    mutating func size(_ entry: Entry) -> ByteSize? {
        guard let text = text(entry) else { return nil }
        if let size = ByteSize(written: text) { return size }
        let (digits, unit) = split(text)
        if !digits.isEmpty, ["KiB", "MiB", "GiB", "TiB"].contains(unit) {
            problems.add(
                "\(quoted(entry.key)) must be between 1KiB and \(ByteSize.max)",
                at: entry.value.start
            )
            return nil
        }
        let isBare = !digits.isEmpty && unit.isEmpty
        problems.add(
            "\(quoted(text)) is not a size",
            at: entry.value.start,
            hint: isBare
                ? "say the unit: '\(shortened(text))MiB', '\(shortened(text))GiB' or so"
                : "a size is a whole number and a unit: 512MiB, 8GiB"
        )
        return nil
    }

    /// A whole number in the range that the table gives for this key.
    mutating func integer(_ entry: Entry, in range: ClosedRange<Int>) -> Int? {
        if case .scalar(let text, .plain) = entry.value.content,
            let number = Int(text), text.utf8.first != UInt8(ascii: "+"), range.contains(number)
        {
            return number
        }
        refuse(
            entry,
            "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        )
        return nil
    }

    /// Thousandths of a number with at most three places behind the point.
    mutating func thousandths(_ entry: Entry) -> Int? {
        if case .scalar(let text, .plain) = entry.value.content {
            let parts = text.utf8.split(
                separator: UInt8(ascii: "."),
                omittingEmptySubsequences: false
            )
            let isNumber = parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
            let whole = parts.first.flatMap { Int(String(Substring($0))) }
            if isNumber, let whole, parts.count <= 2, whole < 1_000 {
                let fraction = parts.count == 2 ? String(Substring(parts[1])) : ""
                let filled =
                    fraction + String(repeating: "0", count: max(0, 3 - fraction.utf8.count))
                if fraction.utf8.count <= 3, let rest = Int(filled), whole + rest > 0 {
                    return whole * 1_000 + rest
                }
            }
        }
        refuse(entry, "must be a number of processors, such as 4 or 0.5")
        return nil
    }

    private func split(_ text: String) -> (digits: Substring, unit: Substring) {
        let digits = text.utf8.prefix(while: isDigit)
        return (Substring(digits), Substring(text.utf8.dropFirst(digits.count)))
    }
}

func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
