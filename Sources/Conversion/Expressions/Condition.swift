/// An expression of ours.
indirect enum Condition: Equatable, Sendable {
    case constant(Bool)
    case text(String)
    /// A number, or a name such as `event` or `matrix.swift`.
    case name(String)
    case call(String, [Condition])
    case not(Condition)
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`, `in` or `=~`.
    case compare(Condition, String, Condition)
    case all([Condition])
    case any([Condition])
    /// Something foreign that has no equal; never holds.
    case unknown

    /// `success()`, which need not be written.
    static let success = Condition.call("success", [])
    /// Written nowhere: what holds whatever happened before is `always()`.
    static let always = Condition.constant(true)
    static let never = Condition.constant(false)

    /// What need not be written.
    var isDefault: Bool { self == .success || self == .always }

    static func event(_ name: String) -> Condition {
        .compare(.name("event"), "==", .text(name))
    }

    static func events(_ names: [String]) -> Condition { .any(names.map(event)) }
}

extension Condition {
    /// Without what is always so: constants, doubles, and what nobody knows.
    var simplified: Condition { simplified(isNegated: false) }

    private func simplified(isNegated: Bool) -> Condition {
        switch self {
        case .unknown: return .constant(isNegated)
        case .constant, .text, .name: return self
        case .call(let name, let arguments):
            return .call(name, arguments.map { $0.simplified(isNegated: isNegated) })
        case .not(let inner):
            switch inner.simplified(isNegated: !isNegated) {
            case .constant(let flag): return .constant(!flag)
            case .not(let double): return double
            case .compare(let left, "==", let right): return .compare(left, "!=", right)
            case .compare(let left, "!=", let right): return .compare(left, "==", right)
            case let simple: return .not(simple)
            }
        case .compare(let left, let sign, let right):
            return Self.folded(
                left.simplified(isNegated: isNegated),
                sign,
                right.simplified(isNegated: isNegated)
            )
        case .all(let parts): return Self.joined(parts, isAll: true, isNegated: isNegated)
        case .any(let parts): return Self.joined(parts, isAll: false, isNegated: isNegated)
        }
    }

    private static func folded(_ left: Condition, _ sign: String, _ right: Condition) -> Condition {
        if case .text(let one) = left, case .text(let other) = right {
            if sign == "==" { return .constant(one == other) }
            if sign == "!=" { return .constant(one != other) }
        }
        if case .constant(let flag) = right, sign == "==" || sign == "!=" {
            return flag == (sign == "==") ? left : .not(left)
        }
        return .compare(left, sign, right)
    }

    private static func joined(_ parts: [Condition], isAll: Bool, isNegated: Bool) -> Condition {
        var kept: [Condition] = []
        for part in parts.map({ $0.simplified(isNegated: isNegated) }) {
            switch part {
            case .constant(isAll): continue
            case .constant: return .constant(!isAll)
            case .all(let inner) where isAll:
                for one in inner where !kept.contains(one) { kept.append(one) }
            case .any(let inner) where !isAll:
                for one in inner where !kept.contains(one) { kept.append(one) }
            case _: if !kept.contains(part) { kept.append(part) }
            }
        }
        if isAll, kept.count > 1 {
            kept.removeAll { $0 == .success }
            kept = withoutObvious(kept)
        }
        guard kept.count > 1 else { return kept.first ?? .constant(isAll) }
        return isAll ? .all(kept) : .any(kept)
    }

    /// Where a part says which events there may be, another need not say which there may not.
    private static func withoutObvious(_ parts: [Condition]) -> [Condition] {
        guard let events = parts.lazy.compactMap(\.events).first else { return parts }
        return parts.filter { part in
            guard case .compare(.name("event"), "!=", .text(let event)) = part else { return true }
            return events.contains(event)
        }
    }

    /// The events it lets through, where it is about nothing else.
    private var events: [String]? {
        switch self {
        case .compare(.name("event"), "==", .text(let event)): return [event]
        case .compare(.name("event"), "in", .name(let list)):
            return ["push", "pull_request", "tag", "schedule", "manual", "pipeline"]
                .filter { list.hasPart("'\($0)'") }
        case .any(let parts):
            let events = parts.map(\.events)
            return events.contains { $0 == nil } ? nil : events.flatMap { $0 ?? [] }
        case .compare, .constant, .text, .name, .call, .not, .all, .unknown: return nil
        }
    }
}

extension Condition {
    /// As it is written in `if` or between `${{` and `}}`.
    var rendered: String { rendered(inside: 0) }

    private func rendered(inside level: Int) -> String {
        let (text, own): (String, Int)
        switch self {
        case .constant(let flag): (text, own) = (flag ? "true" : "false", 5)
        case .unknown: (text, own) = ("false", 5)
        case .text(let value): (text, own) = ("'" + value.replacing("'", by: "''") + "'", 5)
        case .name(let name): (text, own) = (name, 5)
        case .call(let name, let arguments):
            let list = arguments.map { $0.rendered(inside: 0) }.joined(separator: ", ")
            (text, own) = ("\(name)(\(list))", 5)
        case .not(let inner): (text, own) = ("!" + inner.rendered(inside: 4), 4)
        case .compare(let left, let sign, let right):
            (text, own) = (
                "\(left.rendered(inside: 4)) \(sign) \(right.rendered(inside: 4))", 3
            )
        case .all(let parts):
            (text, own) = (parts.map { $0.rendered(inside: 3) }.joined(separator: " && "), 2)
        case .any(let parts):
            (text, own) = (parts.map { $0.rendered(inside: 2) }.joined(separator: " || "), 1)
        }
        return own < level ? "(\(text))" : text
    }
}
