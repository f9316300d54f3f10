import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Wire

/// The API of one server, as the commands use it.
struct Connection: Sendable {
    var server: URL
    var credentials: Credentials?
    var timeout: TimeAmount = .seconds(30)

    /// An answer that is larger is none of ours; logs do not come this way.
    private static let answerBytesMax = 64 * 1_024 * 1_024

    /// Lives as long as the program.
    ///
    /// A server that is not there is said to be away at once, not after the client's own retries.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .seconds(5)
        // Streams have their own signs of life; one that is silent for longer is opened again.
        configuration.timeout.read = .seconds(60)
        return HTTPClient(configuration: configuration)
    }()

    /// Gets the bytes of an answer.
    func get(_ path: APIPath) async throws(CommandError) -> Data {
        try await answer(to: request(.GET, path))
    }

    /// Gets an answer and reads it.
    func get<Message: Decodable>(
        _ path: APIPath,
        as type: Message.Type = Message.self
    ) async throws(CommandError) -> Message {
        try Self.decode(try await get(path))
    }

    /// Asks for something to be done.
    func post(_ path: APIPath) async throws(CommandError) -> Data {
        try await answer(to: request(.POST, path))
    }

    func post(_ path: APIPath, _ message: some Encodable) async throws(CommandError) -> Data {
        try await send(.POST, path, message)
    }

    /// Sets something.
    func put(_ path: APIPath, _ message: some Encodable) async throws(CommandError) -> Data {
        try await send(.PUT, path, message)
    }

    private func send(
        _ method: HTTPMethod,
        _ path: APIPath,
        _ message: some Encodable
    ) async throws(CommandError) -> Data {
        var request = request(method, path)
        do {
            request.body = .bytes(ByteBuffer(bytes: try WireCoding.encoder().encode(message)))
        } catch {
            throw CommandError(.wrongUse, "this cannot be sent as JSON: \(error)")
        }
        request.headers.add(name: "Content-Type", value: "application/json")
        return try await answer(to: request)
    }

    /// Sends the bytes of a file.
    func put(_ path: APIPath, fileAt file: String) async throws(CommandError) {
        var request = request(.PUT, path)
        do {
            let bytes = try Data(contentsOf: URL(filePath: file), options: .alwaysMapped)
            request.body = .bytes(ByteBuffer(bytes: bytes))
        } catch {
            throw CommandError(.exception, "\(file) cannot be read: \(error.localizedDescription)")
        }
        request.headers.add(name: "Content-Type", value: "application/x-git-bundle")
        var patient = self
        patient.timeout = .minutes(10)
        _ = try await patient.answer(to: request)
    }

    func delete(_ path: APIPath) async throws(CommandError) {
        _ = try await answer(to: request(.DELETE, path))
    }

    /// Opens a body that is read as it comes, for at most a day.
    func stream(
        _ path: APIPath,
        headers: [(String, String)] = []
    ) async throws(CommandError) -> HTTPClientResponse {
        var request = request(.GET, path)
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        let response = try await execute(request, timeout: .hours(24))
        guard (200..<300).contains(response.status.code) else { throw await refusal(response) }
        return response
    }

    static func decode<Message: Decodable>(
        _ data: Data
    ) throws(CommandError) -> Message {
        do {
            return try WireCoding.decoder().decode(Message.self, from: data)
        } catch {
            throw CommandError(
                .exception,
                "the server's answer is not understood: \(error)",
                hint: "'slipway version' shows whether both are of one version"
            )
        }
    }

    private func request(_ method: HTTPMethod, _ path: APIPath) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: path.url(on: server))
        request.method = method
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "slipway/\(slipwayVersion)")
        if let token = credentials?.token {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        return request
    }

    private func answer(to request: HTTPClientRequest) async throws(CommandError) -> Data {
        let response = try await execute(request, timeout: timeout)
        guard (200..<300).contains(response.status.code) else { throw await refusal(response) }
        do {
            return Data(
                try await response.body.collect(upTo: Self.answerBytesMax).readableBytesView
            )
        } catch {
            throw unreachable(error)
        }
    }

    private func execute(
        _ request: HTTPClientRequest,
        timeout: TimeAmount
    ) async throws(CommandError) -> HTTPClientResponse {
        do {
            return try await Self.client.execute(request, timeout: timeout)
        } catch {
            throw unreachable(error)
        }
    }

    private func unreachable(_ error: any Error) -> CommandError {
        let isSlow = (error as? HTTPClientError) == .deadlineExceeded
        return CommandError(
            .exception,
            isSlow ? "\(server) did not answer in time" : "no server answers at \(server)",
            hint: "'slipway up' starts one here; --server or SLIPWAY_SERVER says where else"
        )
    }

    /// What the server says against a request, in its own words.
    private func refusal(_ response: HTTPClientResponse) async -> CommandError {
        let body = try? await response.body.collect(upTo: 1_024 * 1_024)
        let details = body.flatMap {
            try? WireCoding.decoder().decode(ProblemDetails.self, from: Data($0.readableBytesView))
        }
        return Self.refusal(
            status: Int(response.status.code),
            phrase: response.status.reasonPhrase,
            details: details,
            hasToken: credentials != nil
        )
    }

    static func refusal(
        status: Int,
        phrase: String,
        details: ProblemDetails?,
        hasToken: Bool
    ) -> CommandError {
        // The title only says the status again.
        var message =
            details?.detail ?? details?.title ?? "the server answered \(status) \(phrase)"
        for reason in details?.reasons ?? [] { message += "; \(reason)" }
        var hint: String?
        if status == 401 {
            hint =
                hasToken
                ? "the token is not known there: give another with --token or SLIPWAY_TOKEN"
                : "give a token with --token, SLIPWAY_TOKEN or the credentials file"
        }
        return CommandError(CommandStatus(http: status), message, hint: hint)
    }
}
