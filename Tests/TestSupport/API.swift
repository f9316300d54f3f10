import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOHTTP1

/// Speaks to a server over real HTTP, knowing nothing of ours but the contract.
package struct API: Sendable {
    package var base: String
    package var token: String?

    /// What came back.
    package struct Answer: Sendable {
        package var status: Int
        /// By lower-case name.
        package var headers: [String: String]
        package var body: Data

        package var text: String { String(decoding: body, as: UTF8.self) }

        /// The body as JSON; null where it is none.
        package var json: JSON { (try? JSON(body)) ?? .null }
    }

    package init(base: String, token: String? = nil) {
        self.base = base
        self.token = token
    }

    /// Asks for a path, and takes at most 256 MiB.
    package func get(
        _ path: String,
        headers: [String: String] = [:],
        within limit: Duration = .seconds(30)
    ) async throws -> Answer {
        try await send("GET", path, headers: headers, within: limit)
    }

    /// Asks for a path and reads the JSON of the answer, which has to be a good one.
    package func json(_ path: String) async throws -> JSON {
        let answer = try await get(path)
        guard answer.status == 200 else {
            throw NeverHappened(description: "GET \(path): \(answer.status) \(answer.text)")
        }
        return answer.json
    }

    package func post(_ path: String, _ body: JSON = [:]) async throws -> Answer {
        try await send("POST", path, body: JSONEncoder().encode(body))
    }

    package func put(_ path: String, _ body: JSON = [:]) async throws -> Answer {
        try await send("PUT", path, body: JSONEncoder().encode(body))
    }

    package func delete(_ path: String) async throws -> Answer {
        try await send("DELETE", path)
    }

    package func send(
        _ method: String,
        _ path: String,
        headers: [String: String] = [:],
        body: Data? = nil,
        within limit: Duration = .seconds(30)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers = HTTPHeaders(headers.map { ($0.key, $0.value) })
        if let token, headers["authorization"] == nil {
            request.headers.add(name: "authorization", value: "Bearer \(token)")
        }
        if let body {
            request.headers.replaceOrAdd(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        let nanoseconds = Int64(limit / .nanoseconds(1))
        let response = try await HTTPClient.shared
            .execute(request, timeout: .nanoseconds(nanoseconds))
        let buffer = try await response.body.collect(upTo: 256 << 20)
        return Answer(
            status: Int(response.status.code),
            headers: Dictionary(
                response.headers.map { ($0.name.lowercased(), $0.value) },
                uniquingKeysWith: { first, _ in first }
            ),
            body: Data(buffer.readableBytesView)
        )
    }
}
