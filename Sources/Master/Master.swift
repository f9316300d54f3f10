import CodeStore
package import Core
import Foundation
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
package import ServiceLifecycle
import Storage
import Synchronization

/// The master: everything but the workers, built once and then run as services.
///
/// The same build serves the program and the tests.
package struct Master: Sendable {
    /// In the order in which they start; they stop in the reverse.
    package let services: [any Service]
    package let access: Access
    /// The host and port it listens on, once it does.
    package let address: ListenAddress

    let database: ControlDatabase

    /// Opens the databases below the data folder and puts the parts together.
    ///
    /// - Parameters:
    ///   - configuration: Where and how.
    ///   - logger: Gets what nobody is told otherwise.
    /// - Throws: What stands in the way, in words for the person who starts it.
    package init(_ configuration: MasterConfiguration, logger: Logger) async throws {
        let data = configuration.data
        for folder in ["", "/logs", "/mirrors", "/packs", "/worker"] {
            try FileManager.default.createDirectory(
                atPath: data + folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        let database = try ControlDatabase(path: "\(data)/slipway.db")
        let store = try CodeStoreDatabase(path: "\(data)/store.db")
        let parts = Parts(configuration, database: database, store: store, logger: logger)
        let live = try await database.read { try $0.liveAttempts() }
        parts.leases.restore(live, at: .now)
        access = parts.access
        address = ListenAddress()
        self.database = database
        services = parts.services(address: address)
    }

    private static func write(_ secret: String, to path: String) throws {
        let isWritten = FileManager.default.createFile(
            atPath: path,
            contents: Data((secret + "\n").utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten else {
            throw RequestProblem(.internalServerError, "\(path) cannot be written.")
        }
    }

    /// Makes a token, for the programs that run beside the master.
    package func makeToken(name: String, role: Role) async throws -> String {
        try await access.makeToken(name: name, role: role, at: Date()).1
    }

    /// The text of the token of the worker beside the master, from its file or made anew.
    package func localWorkerToken(in data: String) async throws -> String {
        let path = "\(data)/worker/token"
        if let text = try? String(contentsOfFile: path, encoding: .utf8),
            case .token = try? await access.principal(
                ofToken: String(text.prefix { !$0.isNewline })
            )
        {
            return String(text.prefix { !$0.isNewline })
        }
        let token = try await makeToken(name: "local", role: .worker)
        try Self.write(token, to: path)
        return token
    }

    /// The text of the admin token in the data folder, written on the first start.
    package func adminToken(in data: String) async throws -> String {
        let path = "\(data)/admin-token"
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
            return String(text.prefix { !$0.isNewline })
        }
        let token = try await makeToken(name: "admin", role: .admin)
        try Self.write(token, to: path)
        return token
    }
}

/// Where the master listens, once it does.
package final class ListenAddress: Sendable {
    private struct State {
        var port: Int?
        var waiting: [CheckedContinuation<Int, Never>] = []
    }

    private let state = Mutex(State())

    func set(_ port: Int) {
        let waiting = state.withLock { state in
            state.port = port
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: port) }
    }

    /// The port, as soon as the server listens.
    package func port() async -> Int {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.port == nil { state.waiting.append(continuation) }
                return state.port
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
