import AsyncHTTPClient
import Core
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TestSupport
import Wire

@testable import Master

/// A master with a data folder and a port of its own, asked over real HTTP.
struct LiveMaster: Sendable {
    let master: Master
    let url: String
    let admin: API
    let scratch: Scratch
    /// Follows no redirects and keeps no cookies.
    let http: HTTPClient

    /// As nobody.
    var stranger: API { API(base: url) }

    /// As the holder of a new token.
    func api(_ role: Role, named name: String? = nil) async throws -> API {
        let token = try await master.makeToken(name: name ?? role.rawValue, role: role)
        return API(base: url, token: token)
    }

    func worker(_ name: String = "w1", labels: [String] = [], slots: Int = 1) async throws
        -> FakeWorker
    {
        FakeWorker(
            api: try await api(.worker, named: name),
            name: name,
            labels: labels,
            slots: slots
        )
    }

    /// Adds an empty repository; whatever is pushed from now on starts builds.
    func repository(_ name: String = "shop") async throws -> SampleRepository {
        let repository = try await SampleRepository(in: scratch, name: name)
        try await add(repository, as: name)
        return repository
    }

    /// Adds a repository, whatever is in it.
    func add(
        _ repository: SampleRepository,
        as name: String = "shop",
        _ settings: [String: JSON] = [:]
    ) async throws {
        let wish: [String: JSON] = ["name": .string(name), "url": .string(repository.bare.path)]
        let answer = try await admin.post(
            "/api/v1/repositories",
            .object(wish.merging(settings) { $1 })
        )
        guard answer.status == 201 else {
            throw NeverHappened(description: "\(name): \(answer.status) \(answer.text)")
        }
        try await eventually("\(name) was fetched") {
            try await admin.json("/api/v1/repositories/\(name)").fetched_at != .null
        }
    }

    /// Pushes a commit with one pipeline and waits for its build.
    func build(
        _ pipeline: String = onePipeline,
        in repository: SampleRepository,
        message: String = "Change something",
        branch: String = "main"
    ) async throws -> JSON {
        let files = ["pipelines/main.yml": pipeline]
        let sha = try await repository.push(files, message: message, to: branch)
        return try await build(of: sha)
    }

    func build(of sha: String) async throws -> JSON {
        try await eventually("a build of \(sha)") {
            let builds = try await admin.json("/api/v1/builds").items.elements
            guard let id = builds.first(where: { $0.sha.string == sha })?.id.int else { return nil }
            return try await admin.json("/api/v1/builds/\(id)")
        }
    }

    /// One exchange with every header as it came; the body only when asked for.
    func exchange(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: String? = nil,
        isReadingBody: Bool = true
    ) async throws -> (status: Int, headers: HTTPHeaders, body: String) {
        var request = HTTPClientRequest(url: url + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers = HTTPHeaders(headers)
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await http.execute(request, timeout: .seconds(30))
        guard isReadingBody else { return (Int(response.status.code), response.headers, "") }
        let bytes = try await response.body.collect(upTo: 16 << 20)
        return (Int(response.status.code), response.headers, String(buffer: bytes))
    }

    /// Opens an answer that goes on, to be read piece by piece.
    func stream(_ path: String, headers: [(String, String)] = []) async throws -> LiveText {
        var request = HTTPClientRequest(url: url + path)
        request.headers = HTTPHeaders(headers)
        let response = try await http.execute(request, timeout: .seconds(30))
        guard response.status == .ok else {
            throw NeverHappened(description: "\(path): \(response.status)")
        }
        return LiveText(response.body)
    }
}

/// The text of an answer that goes on.
struct LiveText {
    private(set) var text = ""
    private var pieces: HTTPClientResponse.Body.AsyncIterator

    init(_ body: HTTPClientResponse.Body) {
        pieces = body.makeAsyncIterator()
    }

    /// Reads on until the text so far satisfies the condition.
    mutating func read(until isEnough: (String) -> Bool) async throws {
        while !isEnough(text) {
            guard let piece = try await pieces.next() else {
                throw NeverHappened(description: "it ended after: \(text)")
            }
            text += String(buffer: piece)
        }
    }

    /// Reads until the server ends it.
    mutating func readToEnd() async throws {
        while let piece = try await pieces.next() { text += String(buffer: piece) }
    }
}

/// A pipeline of one job with one step.
let onePipeline = """
    jobs:
      test:
        image: busybox:1
        steps:
          - name: Tests
            run: "true"

    """

/// Runs the body with a master, and stops it however the body ends.
func withMaster<Answer>(
    host: String = "127.0.0.1",
    isReadingPublic: Bool = false,
    leases: LeaseTerms = .standard,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (LiveMaster) async throws -> Answer
) async throws -> Answer {
    await Doors.masters.enter()
    do {
        let answer = try await withOpenMaster(
            host: host,
            isReadingPublic: isReadingPublic,
            leases: leases,
            body
        )
        await Doors.masters.leave()
        return answer
    } catch {
        await Doors.masters.leave()
        throw error
    }
}

/// Lets in so many at once.
private actor Doors {
    /// A master has dozens of files open, and Foundation's `Process` breaks beyond 1,024.
    static let masters = Doors(places: 12)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) {
        self.places = places
    }

    func enter() async {
        if places > 0 {
            places -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            places += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

private func withOpenMaster<Answer>(
    host: String,
    isReadingPublic: Bool,
    leases: LeaseTerms,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (LiveMaster) async throws -> Answer
) async throws -> Answer {
    try await withScratch { scratch in
        let configuration = MasterConfiguration(
            data: scratch.path("data"),
            host: host,
            port: 0,
            isReadingPublic: isReadingPublic,
            leases: leases
        )
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let master = try await Master(configuration, logger: logger)
        let token = try await master.adminToken(in: configuration.data)
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: master.services.map { .init(service: $0) },
                logger: logger
            )
        )
        // Unstructured, so that the body may have any isolation; awaited below in every case.
        let running = Task { try await services.run() }
        let url = "http://127.0.0.1:\(await master.address.port())"
        var options = HTTPClient.Configuration()
        options.redirectConfiguration = .disallow
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
        let live = LiveMaster(
            master: master,
            url: url,
            admin: API(base: url, token: token),
            scratch: scratch,
            http: http
        )
        let outcome: Result<Answer, any Error>
        do { outcome = .success(try await body(live)) } catch { outcome = .failure(error) }
        try await http.shutdown()
        await services.triggerGracefulShutdown()
        try await running.value
        return try outcome.get()
    }
}
