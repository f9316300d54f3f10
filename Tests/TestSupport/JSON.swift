package import Foundation

/// A JSON value read by the contract's own names: `build.jobs[0].waiting_reason.string`.
///
/// What is not there is `.null`, so that a test fails at its expectation and not on the way.
@dynamicMemberLookup
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    package init(_ data: Data) throws {
        self = try JSONDecoder().decode(Self.self, from: data)
    }

    package subscript(dynamicMember name: String) -> JSON { self[name] }

    package subscript(name: String) -> JSON {
        guard case .object(let members) = self else { return .null }
        return members[name] ?? .null
    }

    package subscript(index: Int) -> JSON {
        elements.indices.contains(index) ? elements[index] : .null
    }

    /// Of an array; not `items`, which is the contract's name for the rows of a list.
    package var elements: [JSON] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var int: Int? {
        guard case .number(let number) = self else { return nil }
        return Int(exactly: number)
    }

    package var bool: Bool? {
        guard case .bool(let truth) = self else { return nil }
        return truth
    }

    /// The member of an array whose `name` is the one given.
    package func named(_ name: String) -> JSON {
        elements.first { $0["name"].string == name } ?? .null
    }
}

extension JSON: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let truth = try? container.decode(Bool.self) {
            self = .bool(truth)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let items = try? container.decode([JSON].self) {
            self = .array(items)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let truth): try container.encode(truth)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }
}

extension JSON: CustomStringConvertible {
    /// The text it would be sent as, with its keys in order.
    package var description: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = (try? encoder.encode(self)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}

extension JSON: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self = .string(text) }
}

extension JSON: ExpressibleByIntegerLiteral {
    package init(integerLiteral number: Int) { self = .number(Double(number)) }
}

extension JSON: ExpressibleByBooleanLiteral {
    package init(booleanLiteral truth: Bool) { self = .bool(truth) }
}

extension JSON: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(Dictionary(members) { _, last in last })
    }
}

extension JSON: ExpressibleByArrayLiteral {
    package init(arrayLiteral items: JSON...) { self = .array(items) }
}
