/// Takes a tar archive apart while it comes: USTAR, with the extended headers of PAX.
struct TarParser {
    struct Entry: Equatable {
        enum Kind: Equatable {
            case file
            case folder
            case link
            /// Another name of a file that came before.
            case otherName
            /// A FIFO, a device, or what nobody knows.
            case other
        }

        var kind: Kind
        /// As the archive has it; nothing about it is checked.
        var path: String
        var size: Int
        var isExecutable: Bool
        /// Seconds since 1970.
        var modifiedAt: Int
        /// Of a link or another name.
        var target: String
    }

    enum Part: Equatable {
        case entry(Entry)
        /// More of the file that began last.
        case bytes([UInt8])
    }

    private var header: [UInt8] = []
    /// Bytes of the entry that are still to come, and those that fill up its last block.
    private var rest = 0
    private var padding = 0
    /// The text of an extended header; nil while none is read.
    private var extended: [UInt8]?
    private var next: [String: String] = [:]

    private static let blockBytes = 512
    private static let extensionMax = 1 << 16

    /// Takes the next bytes and tells what was in them.
    mutating func take(_ bytes: [UInt8], _ tell: (Part) throws -> Void) throws {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            if rest > 0 {
                let part = bytes.prefix(rest)
                bytes = bytes.dropFirst(part.count)
                rest -= part.count
                try takeContent(part, tell)
            } else if padding > 0 {
                let count = min(padding, bytes.count)
                bytes = bytes.dropFirst(count)
                padding -= count
            } else {
                let part = bytes.prefix(Self.blockBytes - header.count)
                bytes = bytes.dropFirst(part.count)
                header += part
                if header.count == Self.blockBytes { try takeHeader(tell) }
            }
        }
    }

    private mutating func takeContent(
        _ part: ArraySlice<UInt8>,
        _ tell: (Part) throws -> Void
    ) throws {
        guard let known = extended else { return try tell(.bytes(Array(part))) }
        guard known.count + part.count <= Self.extensionMax else { throw Self.damaged() }
        extended = known + part
        if rest == 0 {
            next = try Self.records(known + part)
            extended = nil
        }
    }

    private mutating func takeHeader(_ tell: (Part) throws -> Void) throws {
        defer { header = [] }
        // Empty blocks are the archive's end.
        if header.allSatisfy({ $0 == 0 }) { return }
        let size = try next["size"].map { try Self.number($0) } ?? number(124..<136)
        let kind = header[156]
        rest = size
        padding = (Self.blockBytes - size % Self.blockBytes) % Self.blockBytes
        if kind == UInt8(ascii: "x") || kind == UInt8(ascii: "g") {
            // What holds for the whole archive is nothing that matters here.
            extended = []
            return
        }
        defer { next = [:] }
        let entry = Entry(
            kind: Self.kind(kind),
            path: try next["path"] ?? path(),
            size: size,
            isExecutable: try number(100..<108) & 0o111 != 0,
            modifiedAt: try number(136..<148),
            target: try next["linkpath"] ?? text(157..<257)
        )
        try tell(.entry(entry))
    }

    private static func kind(_ byte: UInt8) -> Entry.Kind {
        switch byte {
        case 0, UInt8(ascii: "0"): .file
        case UInt8(ascii: "1"): .otherName
        case UInt8(ascii: "2"): .link
        case UInt8(ascii: "5"): .folder
        case _: .other
        }
    }

    private func path() throws -> String {
        let name = try text(0..<100)
        let isUSTAR = header[257..<262].elementsEqual("ustar".utf8)
        let prefix = isUSTAR ? try text(345..<500) : ""
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    private func text(_ field: Range<Int>) throws -> String {
        let bytes = header[field].prefix { $0 != 0 }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw JobRunnerError(
                code: .unsafe,
                message: "\(printable(String(decoding: bytes, as: UTF8.self))) is no UTF-8"
            )
        }
        return text
    }

    private func number(_ field: Range<Int>) throws -> Int {
        let bytes = header[field].drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        if bytes.isEmpty { return 0 }
        guard let number = Int(String(decoding: bytes, as: UTF8.self), radix: 8), number >= 0
        else { throw Self.damaged() }
        return number
    }

    private static func number(_ text: String) throws -> Int {
        guard let number = Int(text), number >= 0 else { throw damaged() }
        return number
    }

    /// Reads lines `LENGTH KEY=VALUE`, whose length counts the whole line.
    private static func records(_ bytes: [UInt8]) throws -> [String: String] {
        var records: [String: String] = [:]
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != 0x20 }
            guard let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 1, length <= rest.count
            else { throw damaged() }
            let line = rest.prefix(length).dropFirst(digits.count + 1).dropLast()
            rest = rest.dropFirst(length)
            guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else { throw damaged() }
            guard let value = String(validating: line[(sign + 1)...], as: UTF8.self) else {
                continue
            }
            records[String(decoding: line[..<sign], as: UTF8.self)] = value
        }
        return records
    }

    private static func damaged() -> JobRunnerError {
        JobRunnerError(code: .damaged, message: "the engine's archive of files is damaged")
    }
}
