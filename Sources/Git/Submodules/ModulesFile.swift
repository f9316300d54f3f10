/// What `.gitmodules` says: Git's format of configuration, read byte by byte.
///
/// Not by libgit2, which follows `include` to other files of this machine.
struct ModulesFile {
    static let byteCountMax = 64 << 10

    struct Entry: Equatable {
        var name: [UInt8]
        var path: [UInt8]?
        var url: [UInt8]?
        var update: [UInt8]?
    }

    /// In the order in which their names come first.
    private(set) var entries: [Entry] = []

    init(parsing bytes: [UInt8]) throws(SubmoduleError) {
        var reader = ConfigurationReader(bytes)
        var current: Int?
        while let line = try reader.next() {
            switch line {
            case .section(let name, let subsection):
                guard name.elementsEqual("submodule".utf8), let subsection else {
                    current = nil
                    continue
                }
                current = entries.firstIndex { $0.name == subsection } ?? entries.endIndex
                if current == entries.endIndex { entries.append(Entry(name: subsection)) }
            case .value(let key, let value):
                if let current { entries[current].set(key, to: value) }
            }
        }
    }
}

extension ModulesFile.Entry {
    fileprivate mutating func set(_ key: [UInt8], to value: [UInt8]) {
        if key.elementsEqual("path".utf8) { path = value }
        if key.elementsEqual("url".utf8) { url = value }
        if key.elementsEqual("update".utf8) { update = value }
    }
}

/// Reads Git's format of configuration.
private struct ConfigurationReader {
    enum Line {
        /// The name in lower case, and what stands in quotes after it.
        case section([UInt8], [UInt8]?)
        /// The key in lower case.
        case value(key: [UInt8], [UInt8])
    }

    private var rest: ArraySlice<UInt8>
    private var line = 1

    init(_ bytes: [UInt8]) {
        rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    }

    mutating func next() throws(SubmoduleError) -> Line? {
        while let byte = peek() {
            switch byte {
            case 0x20, 0x09, 0x0A: _ = take()
            case UInt8(ascii: "#"), UInt8(ascii: ";"): skipLine()
            case UInt8(ascii: "["): return try section()
            case _: return try value()
            }
        }
        return nil
    }

    private mutating func section() throws(SubmoduleError) -> Line {
        _ = take()
        var name: [UInt8] = []
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "]"): return .section(name, nil)
            case 0x20, 0x09:
                while peek() == 0x20 || peek() == 0x09 { _ = take() }
                guard take() == UInt8(ascii: "\"") else { throw malformed }
                let subsection = try subsection()
                guard take() == UInt8(ascii: "]") else { throw malformed }
                return .section(name, subsection)
            case _ where isKeyByte(byte) || byte == UInt8(ascii: "."): name.append(lower(byte))
            case _: throw malformed
            }
        }
        throw malformed
    }

    private mutating func subsection() throws(SubmoduleError) -> [UInt8] {
        var name: [UInt8] = []
        while let byte = take() {
            switch byte {
            case 0x0A: throw malformed
            case UInt8(ascii: "\""): return name
            case UInt8(ascii: "\\"):
                guard let next = take(), next != 0x0A else { throw malformed }
                name.append(next)
            case _: name.append(byte)
            }
        }
        throw malformed
    }

    private mutating func value() throws(SubmoduleError) -> Line {
        var key: [UInt8] = []
        while let byte = peek(), isKeyByte(byte) {
            key.append(lower(byte))
            _ = take()
        }
        while peek() == 0x20 || peek() == 0x09 { _ = take() }
        guard !key.isEmpty else { throw malformed }
        switch take() {
        case nil, 0x0A: return .value(key: key, [])
        case UInt8(ascii: "="): return .value(key: key, try text())
        case _: throw malformed
        }
    }

    /// The text after the equals sign: blanks around it go, those in quotes stay.
    private mutating func text() throws(SubmoduleError) -> [UInt8] {
        var text: [UInt8] = []
        var solidCount = 0
        var isQuoted = false
        let start = line
        while let byte = take(), byte != 0x0A {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\"):
                guard let escaped = try escaped() else { continue }
                text.append(escaped)
            case UInt8(ascii: "#") where !isQuoted, UInt8(ascii: ";") where !isQuoted:
                skipLine()
                return Array(text.prefix(solidCount))
            case 0x20 where !isQuoted, 0x09 where !isQuoted:
                if !text.isEmpty { text.append(byte) }
                continue
            case _: text.append(byte)
            }
            solidCount = text.count
        }
        guard !isQuoted else {
            line = start
            throw malformed
        }
        return Array(text.prefix(solidCount))
    }

    /// The byte that an escape stands for; nil: the line goes on.
    private mutating func escaped() throws(SubmoduleError) -> UInt8? {
        switch take() {
        case 0x0A: return nil
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "\""): return UInt8(ascii: "\"")
        case _: throw malformed
        }
    }

    private mutating func skipLine() { while let byte = take(), byte != 0x0A {} }

    /// The next byte, a carriage return and a line feed being one.
    private func peek() -> UInt8? { rest.starts(with: [0x0D, 0x0A]) ? 0x0A : rest.first }

    private mutating func take() -> UInt8? {
        if rest.starts(with: [0x0D, 0x0A]) { rest = rest.dropFirst() }
        let byte = rest.popFirst()
        if byte == 0x0A { line += 1 }
        return byte
    }

    private func isKeyByte(_ byte: UInt8) -> Bool {
        switch lower(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"):
            true
        case _: false
        }
    }

    private func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private var malformed: SubmoduleError {
        SubmoduleError(
            .refused,
            ".gitmodules:\(line): this is not Git's format of configuration; "
                + "'git config --file .gitmodules --list' tells more"
        )
    }
}
