/// A pattern over names and paths, matched on bytes in bounded time.
///
/// `*` is any run within one path component, `**` any run across components, `?` one byte other
/// than `/`. There are no character classes and no escapes: users get no regular expressions.
package struct Glob: Sendable {
    package let pattern: String
    private let tokens: [Token]
    /// The beginning, and the place behind each leading `**/`.
    private let starts: [Int]

    package init(_ pattern: String) {
        self.pattern = pattern
        tokens = Self.tokens(of: pattern)
        starts = Self.starts(in: tokens)
    }

    private enum Token: Equatable {
        case byte(UInt8)
        case one
        case run
        case deepRun
    }

    private static func tokens(of pattern: String) -> [Token] {
        var tokens: [Token] = []
        for byte in pattern.utf8 {
            switch byte {
            case UInt8(ascii: "*") where tokens.last == .run: tokens[tokens.count - 1] = .deepRun
            case UInt8(ascii: "*") where tokens.last == .deepRun: continue
            case UInt8(ascii: "*"): tokens.append(.run)
            case UInt8(ascii: "?"): tokens.append(.one)
            case _: tokens.append(.byte(byte))
            }
        }
        return tokens
    }

    private static func starts(in tokens: [Token]) -> [Int] {
        var starts = [0]
        var place = 0
        while place + 1 < tokens.count, tokens[place] == .deepRun,
            tokens[place + 1] == .byte(slash)
        {
            place += 2
            starts.append(place)
        }
        return starts
    }

    private static let slash = UInt8(ascii: "/")

    /// Whether the whole name matches; a leading `**/` also matches nothing at all.
    ///
    /// One pass over the name, keeping the places in the pattern that it may have reached.
    package func matches(_ name: String) -> Bool {
        var walk = Walk(count: tokens.count)
        for start in starts { reach(start, &walk) }
        for byte in name.utf8 {
            walk.step()
            for place in walk.before where place < tokens.count {
                switch tokens[place] {
                case .byte(let wanted): if wanted == byte { reach(place + 1, &walk) }
                case .one: if byte != Self.slash { reach(place + 1, &walk) }
                case .run: if byte != Self.slash { reach(place, &walk) }
                case .deepRun: reach(place, &walk)
                }
            }
            if walk.reached.isEmpty { return false }
        }
        return walk.reached.contains(tokens.count)
    }

    /// A run may also match nothing, so the place behind it is reached with it.
    private func reach(_ start: Int, _ walk: inout Walk) {
        var place = start
        while walk.insert(place), place < tokens.count {
            switch tokens[place] {
            case .run, .deepRun: place += 1
            case .byte, .one: return
            }
        }
    }

    /// The places reached before a byte and behind it, each once.
    private struct Walk {
        var before: [Int] = []
        var reached: [Int] = []
        /// By place: the step in which it was reached last.
        private var marks: [Int]
        private var number = 1

        init(count: Int) {
            marks = Array(repeating: 0, count: count + 1)
        }

        mutating func step() {
            number += 1
            swap(&before, &reached)
            reached.removeAll(keepingCapacity: true)
        }

        mutating func insert(_ place: Int) -> Bool {
            guard marks[place] != number else { return false }
            marks[place] = number
            reached.append(place)
            return true
        }
    }
}

extension Glob: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.pattern == right.pattern }

    package func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}

/// An ordered list of patterns in which a later `!pattern` takes away what an earlier one gave.
package struct GlobList: Equatable, Sendable {
    package var patterns: [String]

    package init(_ patterns: [String]) {
        self.patterns = patterns
    }

    /// Whether the name is let in; an empty list, or one of refusals only, lets everything in.
    package func admits(_ name: String) -> Bool {
        let bang = UInt8(ascii: "!")
        var isIn = patterns.allSatisfy { $0.utf8.first == bang }
        for pattern in patterns {
            if pattern.utf8.first == bang {
                let refused = Glob(String(decoding: pattern.utf8.dropFirst(), as: UTF8.self))
                if refused.matches(name) { isIn = false }
            } else if Glob(pattern).matches(name) {
                isIn = true
            }
        }
        return isIn
    }
}
