import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// Answers with JSON.
func json(
    _ value: some Encodable,
    status: HTTPResponse.Status = .ok,
    headers: HTTPFields = [:],
    isSorted: Bool = true
) throws -> Response {
    var fields = headers
    fields[.contentType] = "application/json"
    let body = try WireCoding.encoder(isSorted: isSorted).encode(value)
    return Response(
        status: status,
        headers: fields,
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
    )
}

/// Answers with a short text.
func text(
    _ text: String,
    status: HTTPResponse.Status = .ok,
    type: String = "text/plain; charset=utf-8"
) -> Response {
    Response(
        status: status,
        headers: [.contentType: type],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text))
    )
}

extension Request {
    /// Reads a JSON body of at most `limit` bytes; an empty body reads as `{}`.
    func decoded<Message: Decodable>(
        _ type: Message.Type = Message.self,
        limit: Int = 2 << 20
    ) async throws -> Message {
        let buffer = try await collected(limit: limit)
        let data = buffer.readableBytes == 0 ? Data("{}".utf8) : Data(buffer.readableBytesView)
        do {
            return try WireCoding.decoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw RequestProblem(
                .badRequest,
                "The body is not what this call takes: \(error.words)"
            )
        }
    }

    /// Reads a whole body, refusing one over the limit with a problem that names it.
    func collected(limit: Int) async throws -> ByteBuffer {
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw RequestProblem(.contentTooLarge, "The body may have \(limit) bytes.")
        }
    }

    /// A number from the query, within bounds; a text that is no number is refused.
    func number(_ name: String, default standard: Int, in bounds: ClosedRange<Int>) throws -> Int {
        guard let text = uri.queryParameters[name[...]] else { return standard }
        guard let value = Int(text), bounds.contains(value) else {
            throw RequestProblem(
                .badRequest,
                "`\(name)` must be a number from \(bounds.lowerBound) to \(bounds.upperBound)."
            )
        }
        return value
    }

    /// A text from the query.
    func query(_ name: String) -> String? { uri.queryParameters[name[...]].map(String.init) }
}

extension MasterContext {
    /// A number from the path.
    func number(_ name: String) throws -> Int64 {
        guard let text = parameters.get(name), let value = Int64(text) else {
            throw RequestProblem.notFound(name)
        }
        return value
    }

    /// A text from the path.
    func name(_ name: String) throws -> String {
        guard let text = parameters.get(name) else { throw RequestProblem.notFound(name) }
        return text
    }
}

extension DecodingError {
    /// What is wrong with the JSON, for the person who sent it.
    fileprivate var words: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "`\(context.path)`: \(context.debugDescription)"
        case .keyNotFound(let key, _):
            "`\(key.stringValue)` is missing."
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "it is not JSON." : "`\(context.path)` cannot be read."
        @unknown default:
            "it cannot be read."
        }
    }
}

extension DecodingError.Context {
    fileprivate var path: String { codingPath.map(\.stringValue).joined(separator: ".") }
}
