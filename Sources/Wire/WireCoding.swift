package import Foundation

/// How every message of ours is written as JSON: snake_case keys, RFC 3339 UTC times.
package enum WireCoding {
    /// Makes an encoder; coders are classes, so each task makes its own.
    ///
    /// Keys are sorted where people or their programs may compare answers; between master and
    /// worker nobody does.
    package static func encoder(isSorted: Bool = true) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting =
            isSorted ? [.sortedKeys, .withoutEscapingSlashes] : .withoutEscapingSlashes
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(time))
        }
        return encoder
    }

    /// Makes a decoder that takes times with and without a fraction of a second.
    package static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            if let date = try? time.parse(text) { return date }
            if let date = try? wholeSeconds.parse(text) { return date }
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "not an RFC 3339 time: \(text)"
            )
        }
        return decoder
    }

    private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let wholeSeconds = Date.ISO8601FormatStyle()
}

/// A page of a list: `{"items": […], "next_cursor": …}`.
package struct ListMessage<Item: Codable & Sendable>: Codable, Sendable {
    package var items: [Item]
    /// What `?cursor=` takes to get the next page; nil on the last one.
    package var nextCursor: String?

    package init(items: [Item], nextCursor: String? = nil) {
        self.items = items
        self.nextCursor = nextCursor
    }
}

/// An error as the API tells it: `application/problem+json` of RFC 9457.
package struct ProblemDetails: Codable, Sendable, Equatable {
    package var type: String
    package var title: String
    package var status: Int
    /// What is wrong, where, and what to do next.
    package var detail: String?
    /// Each unmet condition of a refusal, in words.
    package var reasons: [String]?

    package init(
        type: String = "about:blank",
        title: String,
        status: Int,
        detail: String? = nil,
        reasons: [String]? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.reasons = reasons
    }
}
