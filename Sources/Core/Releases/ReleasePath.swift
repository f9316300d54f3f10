/// The path of a file inside a release: relative, with `/`, and decided on bytes.
///
/// Two paths are the same only if their bytes are: `String` would call a composed and a decomposed
/// accent equal, and a file system does not. A backslash is a byte like any other.
package struct ReleasePath: Sendable {
    /// In bytes.
    package static let lengthMax = 1024
    /// In bytes; what file systems take, so that a node can write every release down.
    package static let componentLengthMax = 255

    package let text: String

    package init(_ text: String) throws(ReleaseProblem) {
        var text = text
        text.makeContiguousUTF8()
        if let fault = Self.fault(in: Array(text.utf8)) {
            throw ReleaseProblem("the path \(ReleaseProblem.quoted(text)) \(fault)")
        }
        self.text = text
    }

    private static func fault(in bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "is empty" }
        if bytes.count > lengthMax { return "is longer than \(lengthMax) bytes" }
        if bytes.contains(0) { return "holds a NUL byte" }
        if bytes.first == slash { return "is absolute; paths of a release are relative" }
        for component in bytes.split(separator: slash, omittingEmptySubsequences: false) {
            if let fault = Self.fault(inComponent: component) { return fault }
        }
        return nil
    }

    private static func fault(inComponent component: ArraySlice<UInt8>) -> String? {
        if component.isEmpty { return "has an empty component; remove the extra '/'" }
        if component.elementsEqual(".".utf8) { return "has a '.' component" }
        if component.elementsEqual("..".utf8) { return "has a '..' component" }
        if component.count > componentLengthMax {
            return "has a component longer than \(componentLengthMax) bytes"
        }
        return nil
    }

    /// The path's bytes where they lie: a hundred thousand paths are sorted by them.
    func withBytes<Answer>(_ body: (UnsafeBufferPointer<UInt8>) -> Answer) -> Answer {
        // The text was made contiguous; the copy is for the compiler.
        text.utf8.withContiguousStorageIfAvailable(body)
            ?? Array(text.utf8).withUnsafeBufferPointer(body)
    }

    /// The folder the file lies in; nil: none.
    package var folder: ReleasePath? {
        let bytes = text.utf8
        return bytes.lastIndex(of: Self.slash).map { ReleasePath(trusted: String(text[..<$0])) }
    }

    /// How many folders the file lies in.
    package var depth: Int { text.utf8.count { $0 == Self.slash } }

    private init(trusted text: String) {
        self.text = text
    }

    static let slash = UInt8(ascii: "/")
}

extension ReleasePath: Hashable, Comparable {
    package static func == (left: Self, right: Self) -> Bool {
        left.withBytes { left in right.withBytes { left.elementsEqual($0) } }
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.withBytes { left in right.withBytes { left.lexicographicallyPrecedes($0) } }
    }

    package func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension ReleasePath: CustomStringConvertible {
    package var description: String { text }
}
