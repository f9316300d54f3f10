import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Wire

/// The logs of the API: the bytes, whole, in ranges, or live.
struct LogRoutes: Sendable {
    let reader: LogReader

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/jobs/:id/steps/:index/log", needs: .read) { request, context in
            let place = try await reader.place(
                job: JobID(try context.number("id")),
                step: Int(try context.number("index"))
            )
            if request.headers[.accept]?.utf8Contains("text/event-stream") == true {
                return events(place, from: try start(of: request))
            }
            if request.query("follow") == "1" { return live(place, from: try start(of: request)) }
            return try whole(place, range: request.headers[.range])
        }
    }

    private func start(of request: Request) throws -> Int {
        if let last = request.headers[.lastEventID], let offset = Int(last), offset >= 0 {
            return offset
        }
        return try request.number("offset", default: 0, in: 0...LogStore.bytesMax)
    }

    private static let plain: HTTPFields = [
        .contentType: "text/plain; charset=utf-8",
        .acceptRanges: "bytes",
        .contentSecurityPolicy: "sandbox; default-src 'none'",
    ]

    private func whole(_ place: LogPlace, range: String?) throws -> Response {
        let length = reader.length(of: place)
        guard let range, let wanted = ByteRange(range, length: length) else {
            return Response(
                status: .ok,
                headers: Self.plain,
                body: body(place, 0..<length)
            )
        }
        var headers = Self.plain
        switch wanted {
        case .part(let bytes):
            headers[.contentRange] = "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(length)"
            return Response(status: .partialContent, headers: headers, body: body(place, bytes))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(length)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private func body(_ place: LogPlace, _ bytes: Range<Int>) -> ResponseBody {
        ResponseBody(contentLength: bytes.count) { writer in
            var offset = bytes.lowerBound
            while offset < bytes.upperBound {
                let piece = try reader.read(
                    place,
                    from: offset,
                    count: min(256 << 10, bytes.upperBound - offset)
                )
                if piece.isEmpty { break }
                offset += piece.count
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
    }

    private func live(_ place: LogPlace, from offset: Int) -> Response {
        let body = ResponseBody { writer in
            try await reader.follow(place, from: offset) { piece in
                switch piece {
                case .bytes(let bytes, _): try await writer.write(ByteBuffer(bytes: bytes))
                case .quiet, .end: break
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: Self.plain, body: body)
    }

    private func events(_ place: LogPlace, from offset: Int) -> Response {
        let body = ResponseBody { writer in
            var held: [UInt8] = []
            try await reader.follow(place, from: offset) { piece in
                switch piece {
                case .bytes(let bytes, let offset):
                    let begin = offset - held.count
                    let known = held + bytes
                    held = unfinishedCharacter(atEndOf: known)
                    let text = known.dropLast(held.count)
                    if !text.isEmpty { try await writer.write(try frame(text, at: begin)) }
                case .quiet:
                    try await writer.write(ByteBuffer(string: ": quiet\n\n"))
                case .end:
                    try await writer.write(ByteBuffer(string: "event: end\ndata: {}\n\n"))
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: eventStreamHeaders, body: body)
    }

    private func frame(_ bytes: ArraySlice<UInt8>, at offset: Int) throws -> ByteBuffer {
        let message = LogPieceMessage(
            offset: offset,
            text: String(decoding: bytes, as: UTF8.self)
        )
        let data = try WireCoding.encoder().encode(message)
        return ByteBuffer(
            string: "id: \(offset + bytes.count)\ndata: "
                + String(decoding: data, as: UTF8.self) + "\n\n"
        )
    }
}

/// The bytes at the end that begin a UTF-8 character whose rest has not come yet; at most three.
private func unfinishedCharacter(atEndOf bytes: [UInt8]) -> [UInt8] {
    for length in 1...3 where length <= bytes.count {
        let lead = bytes[bytes.count - length]
        if lead & 0xC0 == 0x80 { continue }
        let wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
        return wanted > length ? Array(bytes.suffix(length)) : []
    }
    return []
}

/// What every event stream of ours says of itself.
let eventStreamHeaders: HTTPFields = {
    var fields: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-cache"]
    if let name = HTTPField.Name("X-Accel-Buffering") { fields[name] = "no" }
    return fields
}()

extension HTTPField.Name {
    static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .ifRange
}

/// The one range of a `Range` header that this server serves.
enum ByteRange: Equatable {
    case part(Range<Int>)
    case unsatisfiable

    /// Reads `bytes=a-b`, `bytes=a-` and `bytes=-n`; nil for anything else, which is then
    /// answered whole, as RFC 9110 14.2 allows.
    init?(_ header: String, length: Int) {
        let prefix = "bytes="
        guard header.utf8.starts(with: prefix.utf8), !header.utf8.contains(UInt8(ascii: ","))
        else { return nil }
        let parts = header.dropFirst(prefix.count).split(
            separator: "-",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2 else { return nil }
        switch (Int(parts[0]), Int(parts[1])) {
        case (let first?, let last?) where first <= last:
            self = first < length ? .part(first..<min(last, length - 1) + 1) : .unsatisfiable
        case (let first?, nil) where parts[1].isEmpty:
            self = first < length ? .part(first..<length) : .unsatisfiable
        case (nil, let count?) where parts[0].isEmpty && count > 0:
            self = length > 0 ? .part(max(0, length - count)..<length) : .unsatisfiable
        case _:
            return nil
        }
    }
}
