/// How a log's text looks after the `ESC [ … m` sequences so far.
///
/// Terminals know millions of colours; a page has eight classes for them, which follow the
/// reader's light or dark scheme.
struct TextStyle: Equatable, Sendable {
    private(set) var isBold = false
    private(set) var isDim = false
    private(set) var isItalic = false
    private(set) var isUnderlined = false
    private(set) var isInverse = false
    /// 31 to 36; nil for the ink's own colour.
    private(set) var foreground: Int?
    /// 41 to 47; nil for the ground's own colour.
    private(set) var background: Int?

    static let plain = TextStyle()

    /// The codes that set it, separated by spaces: the script goes on from there.
    var codes: String {
        var codes: [Int] = []
        if isBold { codes.append(1) }
        if isDim { codes.append(2) }
        if isItalic { codes.append(3) }
        if isUnderlined { codes.append(4) }
        if isInverse { codes.append(7) }
        codes += [foreground, background].compactMap(\.self)
        return codes.map(String.init).joined(separator: " ")
    }

    /// The classes of the stylesheet: one for each code.
    var classes: String {
        codes.split(separator: " ").map { "a\($0)" }.joined(separator: " ")
    }

    /// Applies the parameters of one sequence; what is not known changes nothing.
    mutating func apply(_ parameters: [Int]) {
        var rest = parameters[...]
        if rest.isEmpty { rest = [0] }
        while let code = rest.popFirst() {
            switch code {
            case 38: foreground = Self.extended(&rest).map { $0 + 30 }
            case 48: background = Self.extended(&rest).map { $0 + 40 }
            case _: apply(code)
            }
        }
    }

    private mutating func apply(_ code: Int) {
        switch code {
        case 0: self = .plain
        case 1: isBold = true
        case 2: isDim = true
        case 3: isItalic = true
        case 4: isUnderlined = true
        case 7: isInverse = true
        case 22: (isBold, isDim) = (false, false)
        case 23: isItalic = false
        case 24: isUnderlined = false
        case 27: isInverse = false
        case 30, 37, 39, 97: foreground = nil
        case 31...36: foreground = code
        case 90: (foreground, isDim) = (nil, true)
        case 91...96: foreground = code - 60
        case 40, 49: background = nil
        case 41...47: background = code
        case 100: background = 47
        case 101...107: background = code - 60
        case _: break
        }
    }

    /// Reads `5;n` or `2;r;g;b`, and answers the nearest of the colours 1 to 6.
    private static func extended(_ rest: inout ArraySlice<Int>) -> Int? {
        switch rest.popFirst() {
        case 5:
            guard let index = rest.popFirst() else { return nil }
            switch index {
            case 1...6: return index
            case 9...14: return index - 8
            case 16...231:
                let cube = index - 16
                return nearest(cube / 36 * 51, cube / 6 % 6 * 51, cube % 6 * 51)
            case _: return nil
            }
        case 2:
            let parts = [rest.popFirst(), rest.popFirst(), rest.popFirst()].compactMap(\.self)
            return parts.count == 3 ? nearest(parts[0], parts[1], parts[2]) : nil
        case _:
            return nil
        }
    }

    /// The colour with the same strong parts; nil where none stands out.
    private static func nearest(_ red: Int, _ green: Int, _ blue: Int) -> Int? {
        let most = max(red, green, blue)
        guard most - min(red, green, blue) > 40 else { return nil }
        let bound = most * 2 / 3
        return (red > bound ? 1 : 0) + (green > bound ? 2 : 0) + (blue > bound ? 4 : 0)
    }
}
