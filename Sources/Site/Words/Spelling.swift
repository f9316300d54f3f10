/// `1 job`, `2 jobs`, `4,812 lines`.
func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
}

/// A number with its thousands apart: `4,812`.
func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var groups: [Substring] = []
    var rest = digits[...]
    while rest.count > 3 {
        groups.insert(rest.suffix(3), at: 0)
        rest = rest.dropLast(3)
    }
    groups.insert(rest, at: 0)
    return (number < 0 ? "−" : "") + groups.joined(separator: ",")
}

/// A number with its sign: `+10`, `−5`.
func signed(_ number: Int) -> String { (number > 0 ? "+" : "") + grouped(number) }

/// `512 B`, `4.1 MiB`.
func sized(_ number: Int) -> String {
    if number < 1024 { return "\(number) B" }
    var size = Double(number) / 1024
    for unit in ["KiB", "MiB", "GiB"] {
        if size < 1023.5 {
            return size < 9.95 ? "\(Length(size).text) \(unit)" : "\(Int(size.rounded())) \(unit)"
        }
        size /= 1024
    }
    return "\(Length(size).text) TiB"
}

/// The first line of a commit message; a sentence of ours where the author wrote none.
func subject(of message: String) -> String {
    let line = message.split(separator: "\n", omittingEmptySubsequences: true).first
    let trimmed = line?.trimmingSpaces() ?? ""
    return trimmed.isEmpty ? "(no commit message)" : trimmed
}

/// The first characters of a commit name, enough to recognise it.
func short(_ sha: String) -> String { String(sha.prefix(7)) }

/// `a`, `a and b`, `a, b and c`.
func listed(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
}

/// The sentence with a full stop at its end.
func stopped(_ sentence: String) -> String {
    let text = sentence[...].trimmingSpaces()
    guard let last = text.utf8.last else { return "" }
    let isStopped = [UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?")].contains(last)
    return isStopped ? text : text + "."
}

/// The sentence with its first letter large.
func capitalized(_ sentence: String) -> String {
    sentence.prefix(1).uppercased() + sentence.dropFirst()
}

extension Substring {
    fileprivate func trimmingSpaces() -> String {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        while text.first?.isWhitespace == true { text.removeFirst() }
        return String(text)
    }
}
