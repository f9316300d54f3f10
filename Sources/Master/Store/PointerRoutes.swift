import CodeStore
import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// `/cs/v1/channels`, `/cs/v1/watch`: where channels point, asked or told.
struct PointerRoutes: Sendable {
    let store: CodeStoreDatabase
    let pointers: PointerHub

    /// Seconds a long poll may wait.
    private static let waitMax = 55

    func add(to routes: Routes) {
        routes.on(.get, "/cs/v1/channels/:unit/:channel", needs: .read) { request, context in
            let key = ChannelKey(
                unit: try context.name("unit"),
                channel: try context.name("channel")
            )
            return try await pointer(key, request)
        }
        routes.on(.get, "/cs/v1/watch", needs: .read) { request, _ in
            try watch(request)
        }
    }

    private func pointer(_ key: ChannelKey, _ request: Request) async throws -> Response {
        if let since = request.query("since").flatMap({ Int64($0) }) {
            let wait = try request.number("wait", default: Self.waitMax, in: 0...Self.waitMax)
            // Jitter, so that a thousand nodes do not come back at the same moment.
            let limit = Duration.seconds(Double(wait) * Double.random(in: 0.94...1))
            _ = await pointers.newer(than: since, key, within: limit)
        }
        guard let pointer = store.pointer(unit: key.unit, channel: key.channel) else {
            throw absence(of: key)
        }
        let tag = "\"r\(pointer.rev)\""
        if request.headers[.ifNoneMatch] == tag {
            return Response(status: .notModified, headers: [.eTag: tag, .cacheControl: "no-cache"])
        }
        if let since = request.query("since").flatMap({ Int64($0) }), pointer.rev <= since {
            return Response(status: .notModified, headers: [.eTag: tag, .cacheControl: "no-cache"])
        }
        return try json(
            PointerMessage(pointer),
            headers: [.eTag: tag, .cacheControl: "no-cache"]
        )
    }

    private func absence(of key: ChannelKey) -> RequestProblem {
        store.hasChannel(unit: key.unit, channel: key.channel)
            ? RequestProblem(
                .notFound,
                "Channel \(key.channel) of \(key.unit) has no release yet: promote one."
            )
            : RequestProblem(
                .notFound,
                "There is no channel \(key.channel) of a unit \(key.unit): "
                    + "a unit begins with its first published release."
            )
    }

    // MARK: Watch

    private func watch(_ request: Request) throws -> Response {
        let keys = try channels(of: request)
        guard let stream = pointers.listen(to: keys) else {
            throw RequestProblem(
                .serviceUnavailable,
                "\(PointerHub.listenersMax) watch already: try again later.",
                headers: [.retryAfter: "10"]
            )
        }
        let since = (request.headers[.lastEventID] ?? request.query("since")).flatMap { Int64($0) }
        let body = ResponseBody { writer in
            var told: [ChannelKey: Int64] = [:]
            var isFirst = true
            for await _ in merged(stream, heartbeat: .seconds(15)) {
                var text = ""
                for key in keys {
                    guard let pointer = store.pointer(unit: key.unit, channel: key.channel),
                        pointer.rev > (told[key] ?? since ?? 0)
                    else { continue }
                    told[key] = pointer.rev
                    text += try frame(pointer)
                }
                if text.isEmpty, !isFirst { text = ": quiet\n\n" }
                if isFirst { text = "retry: 1000\n\n" + text }
                isFirst = false
                try await writer.write(ByteBuffer(string: text))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: eventStreamHeaders, body: body)
    }

    /// `c=unit/channel`, once or several times; at most 100.
    private func channels(of request: Request) throws -> [ChannelKey] {
        let wanted = request.uri.queryParameters[values: "c"]
        let keys = wanted.prefix(100).compactMap { text -> ChannelKey? in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ Name.isValid(String($0)) }) else {
                return nil
            }
            return ChannelKey(unit: String(parts[0]), channel: String(parts[1]))
        }
        guard !keys.isEmpty, keys.count == wanted.count else {
            throw RequestProblem(.badRequest, "Say which channels: `?c=unit/channel`, 1 to 100.")
        }
        return keys
    }

    private func frame(_ pointer: ChannelPointer) throws -> String {
        let data = try WireCoding.encoder().encode(PointerMessage(pointer))
        return
            "id: \(pointer.rev)\nevent: promote\ndata: \(String(decoding: data, as: UTF8.self))\n\n"
    }
}

extension PointerMessage {
    init(_ pointer: ChannelPointer) {
        self.init(
            unit: pointer.unit,
            channel: pointer.channel,
            rev: pointer.rev,
            release: pointer.release.description,
            version: pointer.version,
            manifest: "/cs/v1/manifests/\(pointer.release)",
            kind: pointer.kind.rawValue,
            percent: 100,
            logHead: pointer.logHead.hex
        )
    }
}
