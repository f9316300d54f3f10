/// The word that was probably meant, if one is near enough; the first of equals.
package func nearest(to word: String, among words: [String]) -> String? {
    let wanted = word.utf8.prefix(distanceLengthMax + 1).map(folded)
    guard wanted.count <= distanceLengthMax else { return nil }
    let limit = max(1, wanted.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in words.prefix(candidatesMax) {
        // Each byte more or less is one edit.
        guard abs(candidate.utf8.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, candidate.utf8.map(folded))
        if distance <= limit, distance < wanted.count, distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    return best?.word
}

private let distanceLengthMax = 100
/// As many as a pipeline has jobs: a file of nothing but wrong names asks thousands of times.
private let candidatesMax = 500

/// Case, and the two ways to join words, are not what tells keys apart.
private func folded(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "-"): UInt8(ascii: "_")
    case _: byte
    }
}

/// How many bytes to insert, remove, replace or swap with their neighbour.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var above = Array(0...right.count)
    for (row, byte) in left.enumerated() {
        var line = [row + 1]
        for (column, other) in right.enumerated() {
            var cost = min(above[column + 1] + 1, line[column] + 1)
            cost = min(cost, above[column] + (byte == other ? 0 : 1))
            if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                cost = min(cost, before[column - 1] + 1)
            }
            line.append(cost)
        }
        before = above
        above = line
    }
    return above[right.count]
}
