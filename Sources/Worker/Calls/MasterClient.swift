import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Wire

/// The worker's calls to its master.
///
/// Every call has a limit on time and size.
struct MasterClient: Sendable {
    let http: HTTPClient
    let master: String
    let token: String
    /// All calls of one worker share it.
    private let orders = OrderReader()

    init(http: HTTPClient, master: String, token: String) {
        self.http = http
        self.master = master
        self.token = token
    }

    /// Sends a batch of verbs.
    ///
    /// What it brings is never older than an offer's lease: later the call has failed.
    func sync(_ message: SyncRequest) async throws -> SyncResponse {
        try await post("/worker/v1/sync", message, within: .seconds(WorkerProtocol.acceptanceMax))
    }

    /// Sends a piece of a log and returns the log's length on the master.
    func uploadLog(
        _ bytes: ByteBuffer,
        at offset: Int,
        of attempt: AttemptReference,
        step: Int
    ) async throws -> Int {
        var request = request(
            .PUT,
            "/worker/v1/attempts/\(attempt.attempt)/steps/\(step)/log"
                + "?fence=\(attempt.fence)&offset=\(offset)"
        )
        request.body = .bytes(bytes)
        let response = try await send(request, within: .seconds(30))
        if response.status.code == 416 {
            throw WorkerError.logGap(expected: response.expectedOffset ?? 0)
        }
        try await check(response)
        return response.expectedOffset ?? offset + bytes.readableBytes
    }

    func post<Message: Encodable, Answer: Decodable>(
        _ path: String,
        _ message: Message,
        within limit: TimeAmount = .seconds(60)
    ) async throws -> Answer {
        var request = request(.POST, path)
        request.headers.add(name: "content-type", value: "application/json")
        let body = try WireCoding.encoder(isSorted: false).encode(message)
        request.body = .bytes(ByteBuffer(bytes: body))
        return try await decoded(try await send(request, within: limit))
    }

    func get<Answer: Decodable>(
        _ path: String,
        within limit: TimeAmount = .seconds(60)
    ) async throws -> Answer {
        try await decoded(try await send(request(.GET, path), within: limit))
    }

    private func decoded<Answer: Decodable>(_ response: HTTPClientResponse) async throws -> Answer {
        try await check(response)
        let body = try await reading { try await response.body.collect(upTo: 64 << 20) }
        return try orders.decoder().decode(Answer.self, from: Data(body.readableBytesView))
    }

    func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: master + path)
        request.method = method
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        return request
    }

    /// Runs a request; whatever goes wrong on the way means that the master is away.
    func send(_ request: HTTPClientRequest, within limit: TimeAmount) async throws
        -> HTTPClientResponse
    {
        do {
            return try await http.execute(request, timeout: limit)
        } catch let error as CancellationError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw WorkerError.masterAway("\(error)")
        }
    }

    /// Throws what a status other than 2xx means.
    func check(_ response: HTTPClientResponse) async throws {
        let status = Int(response.status.code)
        if (200..<300).contains(status) { return }
        let body = try? await response.body.collect(upTo: 64 << 10)
        let problem = body.flatMap {
            try? WireCoding.decoder().decode(ProblemDetails.self, from: Data($0.readableBytesView))
        }
        let detail = problem?.detail ?? response.status.reasonPhrase
        switch status {
        case 409: throw WorkerError.stale
        case 429, 500...: throw WorkerError.masterAway("\(status): \(detail)")
        case _: throw WorkerError.refused(status: status, detail: detail)
        }
    }
}

extension HTTPClientResponse {
    fileprivate var expectedOffset: Int? {
        headers.first(name: "expected-offset").flatMap { Int($0) }
    }
}
