import Foundation
import Glibc
import Synchronization

/// Writes down what steps say they do, outside everything of ours: the judge of "never twice".
///
/// A step says a line over TCP to the gateway of its container and is answered `ok` when the line
/// is written: `printf 'job step\n' | nc GATEWAY PORT`.
package final class Ledger: Sendable {
    package let port: Int
    private let listener: Int32
    private let written = Mutex<[String]>([])
    private let gate = Mutex(Gate())

    /// Those who wait for an answer, until it is open.
    private struct Gate {
        var isOpen = false
        var waiting: [Int32] = []
    }

    /// Starts to listen on every address, so that containers reach it.
    package init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0
                    && listen(descriptor, 128) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isBound else { throw NeverHappened(description: "no port is free") }
        port = Int(UInt16(bigEndian: address.sin_port))
        // A thread, because the steps must be answered however busy the tests' own tasks are.
        Thread { [self] in serve() }.start()
    }

    /// The lines so far, in the order they came.
    package var lines: [String] { written.withLock { $0 } }

    /// The commands of a step that write a line, and fail unless it is written.
    package func mark(_ line: String) -> String {
        """
        gateway=$(ip route | awk '/^default/ { print $3 }')
        test "$(printf '%s\\n' "\(line)" | nc "$gateway" \(port))" = ok
        """
    }

    /// The commands of a step that write a line and go on when the test opens the gate.
    package func wait(_ line: String) -> String { mark("wait \(line)") }

    /// Lets everyone who waits go on, now and later.
    package func open() {
        let waiting = gate.withLock { gate in
            gate.isOpen = true
            defer { gate.waiting = [] }
            return gate.waiting
        }
        for connection in waiting { answer(connection) }
    }

    /// Ends its thread.
    package func close() {
        open()
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            guard let line = readLine(of: connection) else {
                Glibc.close(connection)
                continue
            }
            written.withLock { $0.append(line) }
            let mustWait = gate.withLock { gate in
                guard line.hasPrefix("wait "), !gate.isOpen else { return false }
                gate.waiting.append(connection)
                return true
            }
            if !mustWait { answer(connection) }
        }
        Glibc.close(listener)
    }

    private func answer(_ connection: Int32) {
        _ = "ok\n".withCString { send(connection, $0, 3, Int32(MSG_NOSIGNAL)) }
        Glibc.close(connection)
    }

    /// A step that was killed while it spoke has said nothing.
    private func readLine(of connection: Int32) -> String? {
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(
            connection,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &limit,
            socklen_t(MemoryLayout<timeval>.size)
        )
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < 1024, read(connection, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }
}

/// Runs the body with a ledger that ends with it.
package func withLedger<Answer>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Ledger) async throws -> Answer
) async throws -> Answer {
    let ledger = try Ledger()
    defer { ledger.close() }
    return try await body(ledger)
}
