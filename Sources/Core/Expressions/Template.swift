/// Text in which `${{ }}` holds places for values.
///
/// A value that was put in is data: it is never looked at again. A template is stored as its
/// source, and a text without `${{` is its own source.
package struct Template: Sendable {
    /// A part that stands for itself, or for a value.
    package enum Piece: Equatable, Sendable {
        case text(String)
        case value(ExpressionNode)
    }

    package var source: String
    package var pieces: [Piece]
    /// Where its first byte stands in the file; nil once it is planned.
    package var mark: Mark?

    /// Reads what stands in a file.
    package init(_ source: String, at mark: Mark? = nil) throws(ExpressionError) {
        try self.init(source, at: mark, limits: .written)
    }

    init(_ source: String, at mark: Mark?, limits: ExpressionLimits) throws(ExpressionError) {
        let bytes = Array(source.utf8)
        var pieces: [Piece] = []
        var position = 0
        while let open = bytes.firstOpening(from: position) {
            if open > position {
                pieces.append(.text(String(decoding: bytes[position..<open], as: UTF8.self)))
            }
            var parser = try ExpressionParser(bytes, from: open + 3, limits: limits)
            pieces.append(.value(try parser.whole(until: .braces)))
            position = parser.end
        }
        if position < bytes.count {
            pieces.append(.text(String(decoding: bytes[position...], as: UTF8.self)))
        }
        self.source = source
        self.pieces = pieces
        self.mark = mark
    }

    /// A template that was not read but made.
    init(planned pieces: [Piece]) {
        let pieces = Self.joined(pieces)
        source = pieces.map(\.written).joined()
        self.pieces = pieces
    }

    /// One text between two values, and a text that looks like a place for a value as a value:
    /// what reading the source again would give.
    private static func joined(_ pieces: [Piece]) -> [Piece] {
        var joined: [Piece] = []
        for piece in pieces {
            if case .text(let more) = piece, case .text(let text) = joined.last {
                joined[joined.count - 1] = .text(text + more)
            } else {
                joined.append(piece)
            }
        }
        return joined.map { piece in
            guard case .text(let text) = piece,
                Array(text.utf8).firstOpening() != nil
            else { return piece }
            return .value(ExpressionNode(.literal(.text(text)), 0..<0))
        }
    }

    /// Text in which nothing is put in, whatever it looks like.
    package init(constant text: String) {
        self.init(planned: text.isEmpty ? [] : [.text(text)])
    }

    /// Whether there is a place in it, even one for something written out.
    var hasValues: Bool {
        pieces.contains { piece in
            switch piece {
            case .text: false
            case .value: true
            }
        }
    }

    /// The text, where nothing has to be put in.
    package var constant: String? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .value(let node):
                guard case .literal(let value) = node.kind else { return nil }
                text += value.rendered
            }
        }
        return text
    }
}

extension Template: Equatable {
    /// Two are equal when they mean the same, wherever they stand.
    package static func == (left: Self, right: Self) -> Bool { left.pieces == right.pieces }
}

extension Template: CustomStringConvertible {
    package var description: String { source }
}

extension Template.Piece {
    fileprivate var written: String {
        switch self {
        case .text(let text): text
        case .value(let node): "${{ \(node.description) }}"
        }
    }
}

extension Template: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let source = try container.decode(String.self)
        do throws(ExpressionError) {
            try self.init(source, at: nil, limits: .planned)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(source)
    }
}

extension [UInt8] {
    /// Where `${{` stands first, from an index on.
    func firstOpening(from start: Int = 0) -> Int? {
        let brace = UInt8(ascii: "{")
        var index = start
        while index + 2 < count {
            if self[index] == UInt8(ascii: "$"), self[index + 1] == brace, self[index + 2] == brace
            {
                return index
            }
            index += 1
        }
        return nil
    }
}
