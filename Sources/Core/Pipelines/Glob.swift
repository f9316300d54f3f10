/// A pattern over names and paths, matched on bytes in bounded time.
///
/// `*` is any run within one path component, `**` any run across components, `?` one byte other
/// than `/`. There are no character classes and no escapes: users get no regular expressions.
package struct Glob: Equatable, Sendable, Hashable {
    package let pattern: String

    package init(_ pattern: String) {
        self.pattern = pattern
    }

    private enum Token: Equatable {
        case byte(UInt8)
        case one
        case run
        case deepRun
    }

    private var tokens: [Token] {
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

    /// Whether the whole name matches; a leading `**/` also matches nothing at all.
    package func matches(_ name: String) -> Bool {
        Self.matches(tokens, Array(name.utf8))
    }

    /// One pass over the name, keeping the set of places in the pattern that it may have reached.
    private static func matches(_ tokens: [Token], _ name: [UInt8]) -> Bool {
        var reached = closure(of: starts(in: tokens), in: tokens)
        for byte in name {
            var next: Set<Int> = []
            for place in reached where place < tokens.count {
                switch tokens[place] {
                case .byte(let wanted): if wanted == byte { next.insert(place + 1) }
                case .one: if byte != slash { next.insert(place + 1) }
                case .run: if byte != slash { next.insert(place) }
                case .deepRun: next.insert(place)
                }
            }
            reached = closure(of: next, in: tokens)
            if reached.isEmpty { return false }
        }
        return reached.contains(tokens.count)
    }

    /// The beginning, and the place behind each leading `**/`.
    private static func starts(in tokens: [Token]) -> Set<Int> {
        var starts: Set<Int> = [0]
        var place = 0
        while place + 1 < tokens.count, tokens[place] == .deepRun,
            tokens[place + 1] == .byte(slash)
        {
            place += 2
            starts.insert(place)
        }
        return starts
    }

    private static let slash = UInt8(ascii: "/")

    /// A run may also match nothing, so the place behind it is reached with it.
    private static func closure(of places: Set<Int>, in tokens: [Token]) -> Set<Int> {
        var all = places
        var open = Array(places)
        while let place = open.popLast() {
            guard place < tokens.count else { continue }
            switch tokens[place] {
            case .run, .deepRun: if all.insert(place + 1).inserted { open.append(place + 1) }
            case .byte, .one: continue
            }
        }
        return all
    }
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
