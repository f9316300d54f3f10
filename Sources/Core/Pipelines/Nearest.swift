/// The word that was probably meant, if one is near enough; the first of equals.
///
/// A file of nothing but wrong names asks thousands of times, so the work for one answer has a
/// limit: of very many long words only the first are compared.
package func nearest(to word: String, among words: [String]) -> String? {
    let wanted = word.utf8.prefix(wordLengthMax + 1).map(folded)
    guard wanted.count <= wordLengthMax else { return nil }
    // As many edits as there are bytes would be another word.
    var limit = min(max(1, wanted.count / 3), wanted.count - 1)
    var nearest: String?
    var cells = cellsMax
    for candidate in words {
        // Each byte more or less is one edit.
        guard limit >= 0, abs(candidate.utf8.count - wanted.count) <= limit else { continue }
        cells -= cellsOfAnyWord + wanted.count * (2 * limit + 1)
        if cells < 0 { break }
        if let edits = edits(from: wanted, to: candidate.utf8.map(folded), atMost: limit) {
            nearest = candidate
            limit = edits - 1
        }
    }
    return nearest
}

private let wordLengthMax = 100
private let cellsMax = 50_000
/// What beginning with a word costs.
private let cellsOfAnyWord = 64

/// Case, and the two ways to join words, are not what tells keys apart.
private func folded(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "-"): UInt8(ascii: "_")
    case _: byte
    }
}

/// How many bytes to insert, remove, replace or swap with their neighbour; nil: more than that.
///
/// The bytes at one place are only compared with those at most so many places away, because
/// every place away is an edit.
private func edits(from left: [UInt8], to right: [UInt8], atMost limit: Int) -> Int? {
    let beyond = limit + 1
    var before = [Int](repeating: beyond, count: right.count + 1)
    var above = (0...right.count).map { min($0, beyond) }
    var line = before
    for row in 0..<left.count {
        let first = max(0, row - limit)
        let last = min(right.count, row + limit + 1)
        guard first < last else { return nil }
        line[first] = first == 0 ? min(row + 1, beyond) : beyond
        if last < right.count { line[last + 1] = beyond }
        var fewest = line[first]
        for column in first..<last {
            var cost = min(above[column + 1], line[column]) + 1
            cost = min(cost, above[column] + (left[row] == right[column] ? 0 : 1))
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, before[column - 1] + 1)
            }
            line[column + 1] = min(cost, beyond)
            fewest = min(fewest, cost)
        }
        if fewest > limit { return nil }
        (before, above, line) = (above, line, before)
    }
    return above[right.count] <= limit ? above[right.count] : nil
}
