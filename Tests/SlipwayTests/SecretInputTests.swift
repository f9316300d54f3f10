import Core
import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import slipway

/// Where the value of a secret comes from.
@Suite struct SecretInputTests {
    /// Reads from a pipe that has these bytes and ends.
    private func piped(_ bytes: [UInt8]) throws -> SecretInput {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
        try pipe.fileHandleForWriting.close()
        let input = dup(pipe.fileHandleForReading.fileDescriptor)
        return SecretInput(name: "key", input: input)
    }

    @Test(arguments: [
        ("word", "word"), ("word\n", "word"), ("word\r\n", "word"), ("", ""), ("\n", ""),
        ("one\ntwo\n", "one\ntwo\n"), ("word\n\n", "word\n\n"), (" word ", " word "),
    ])
    func `the end of a single line is not part of it`(text: String, value: String) throws {
        let input = try piped(Array(text.utf8))
        defer { close(input.input) }
        #expect(try input.value().revealed == value)
    }

    @Test func `a file is read as standard input is`() async throws {
        try await withScratch { scratch in
            let file = try scratch.write("line one\nline two\n", to: "key.pem")
            let value = try SecretInput(name: "key", file: file.path).value()
            #expect(value.revealed == "line one\nline two\n")
        }
        #expect(throws: CommandError.self) {
            try SecretInput(name: "key", file: "/nowhere/key.pem").value()
        }
    }

    @Test func `what is no text is refused without being shown`() throws {
        let input = try piped([0x68, 0x75, 0x6E, 0xFF])
        defer { close(input.input) }
        let error = #expect(throws: CommandError.self) { try input.value() }
        #expect(error?.message.contains("not UTF-8") == true)
        #expect(error?.message.contains("hun") == false)
    }

    /// A terminal of its own, with what a person types into it.
    private func typed(_ keys: String) throws -> (
        outcome: Result<SecretValue, any Error>, screen: String
    ) {
        let main = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(main >= 0)
        defer { close(main) }
        // TIOCSPTLCK and TIOCGPTN: unlock the other side, and say which it is.
        var number: Int32 = 0
        try #require(ioctl(main, 0x4004_5431, &number) == 0)
        try #require(ioctl(main, 0x8004_5430, &number) == 0)
        let side = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(side >= 0)
        defer { close(side) }
        // Typed only once the question is there: what comes sooner is thrown away.
        let question = Screen()
        let isTyped = DispatchSemaphore(value: 0)
        let person = Thread {
            question.text.withLock { $0 = Self.shown(on: main) }
            _ = write(main, keys, keys.utf8.count)
            isTyped.signal()
        }
        person.start()
        let outcome = Result<SecretValue, any Error> {
            try SecretInput(name: "key", input: side, errors: side).value()
        }
        isTyped.wait()
        var usual = termios()
        try #require(tcgetattr(side, &usual) == 0)
        #expect(usual.c_lflag & tcflag_t(ECHO) != 0)
        return (outcome, question.text.withLock { $0 } + Self.shown(on: main))
    }

    private static func shown(on terminal: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = read(terminal, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    @Test(arguments: [
        ("hunter2\n", "hunter2"), ("hunter3\u{7F}2\r", "hunter2"), ("x\u{15}hunter2\n", "hunter2"),
        ("né\u{7F}\u{7F}hunter2\n", "hunter2"),
    ])
    func `a person is asked, and what is typed is not shown`(keys: String, value: String) throws {
        let (outcome, screen) = try typed(keys)
        #expect(try outcome.get().revealed == value)
        #expect(screen.contains("Value of key, which is not shown: "))
        #expect(!screen.contains("hunter"))
    }

    @Test func `Ctrl-C sets nothing and leaves the terminal as it was`() throws {
        let (outcome, _) = try typed("hunter\u{3}")
        let error = #expect(throws: CommandError.self) { try outcome.get() }
        #expect(error?.status == .cancelled)
    }
}

/// What another thread saw.
private final class Screen: Sendable {
    let text = Mutex("")
}
