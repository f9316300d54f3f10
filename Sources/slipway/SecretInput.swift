import Core
import Foundation
import Glibc

/// Where the value of a secret comes from: a file, standard input, or a person at a terminal.
struct SecretInput {
    let name: String
    var file: String?
    var input: Int32 = STDIN_FILENO
    var errors: Int32 = STDERR_FILENO

    /// Reads it, at most a little more than a secret may have.
    func value() throws(CommandError) -> SecretValue {
        if let file {
            let descriptor = open(file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw CommandError(.notFound, "no file can be read at \(file)")
            }
            defer { close(descriptor) }
            return try text(of: try all(of: descriptor))
        }
        if isatty(input) == 1 { return try text(of: try asked()) }
        return try text(of: try all(of: input))
    }

    private func text(of bytes: [UInt8]) throws(CommandError) -> SecretValue {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(
                .wrongUse,
                "the value is no text: its bytes are not UTF-8",
                hint: "encode it with base64, and let the step decode it"
            )
        }
        return SecretValue(Self.trimmed(text))
    }

    /// Without the end of its line, where it is only one: `echo` and editors add it.
    static func trimmed(_ text: String) -> String {
        var bytes = text.utf8[...]
        let newline = UInt8(ascii: "\n")
        guard bytes.last == newline, bytes.count(where: { $0 == newline }) == 1 else { return text }
        bytes.removeLast()
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(Substring(bytes))
    }

    private func all(of descriptor: Int32) throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        // What is too long is said to be so by whoever knows how long it may be.
        while bytes.count <= SecretValue.bytesMax + 1, let more = piece(of: descriptor) {
            bytes += more
        }
        return bytes
    }

    private func piece(of descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            return count > 0 ? Array(buffer.prefix(count)) : nil
        }
    }

    // MARK: At a terminal

    /// Asks without showing what is typed; key by key, so that no way out leaves the terminal mute.
    private func asked() throws(CommandError) -> [UInt8] {
        var usual = termios()
        guard tcgetattr(input, &usual) == 0 else {
            throw CommandError(.exception, "the terminal cannot be asked")
        }
        var mute = usual
        mute.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        guard tcsetattr(input, TCSAFLUSH, &mute) == 0 else {
            throw CommandError(.exception, "the terminal shows what is typed")
        }
        defer {
            tcsetattr(input, TCSAFLUSH, &usual)
            say("\n")
        }
        say("Value of \(printable(name)), which is not shown: ")
        return try line()
    }

    private func line() throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= SecretValue.bytesMax {
            var byte: UInt8 = 0
            let count = read(input, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return bytes }
            switch byte {
            case 0x0A, 0x0D, 0x04: return bytes
            case 0x03, 0x1A, 0x1C:
                throw CommandError(.cancelled, "nothing was set")
            case 0x08, 0x7F:
                // A letter may have several bytes.
                while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
            case 0x15: bytes = []
            case _: bytes.append(byte)
            }
        }
        return bytes
    }

    private func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(errors, bytes, bytes.count)
    }
}
