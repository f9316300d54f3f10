/// A file or link found below a folder of a workspace, with the digest of what it held.
package struct WorkspaceFile: Equatable, Sendable {
    /// Relative to the folder that was asked for, with `/`.
    package var path: String
    /// 0o644, 0o755, or 0o120000 for a link, whose bytes are its target.
    package var mode: Int
    package var size: Int
    /// Lower-case hexadecimal.
    package var sha256: String
    /// Where a link points; nil for a file.
    package var linkTarget: String?
    var device: UInt64
    var inode: UInt64

    package static let linkMode = 0o120000
}

/// How much may be taken out of a workspace at once.
package struct CollectionLimits: Sendable {
    package var files: Int
    package var bytes: Int
    /// Names looked at, whether they are taken or not.
    package var visits: Int
    package var depth: Int

    package init(
        files: Int = 10_000,
        bytes: Int = 10 << 30,
        visits: Int = 1_000_000,
        depth: Int = 100
    ) {
        self.files = files
        self.bytes = bytes
        self.visits = visits
        self.depth = depth
    }
}

/// A path as a pipeline names it, in components that cannot lead out of the workspace.
struct RelativePath {
    let components: [String]

    var text: String { components.joined(separator: "/") }

    /// Refuses absolute paths, `..` and NUL bytes; `.` and doubled slashes fall away.
    init(_ path: String) throws(JobRunnerError) {
        let bytes = path.utf8
        let slash = UInt8(ascii: "/")
        var problem: String?
        if bytes.first == slash { problem = "it is absolute; name it from the workspace on" }
        if bytes.contains(0) { problem = "it holds a NUL byte" }
        if bytes.count > 4_096 { problem = "it is longer than 4,096 bytes" }
        let parts = bytes.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
        if parts.contains(where: { $0.elementsEqual("..".utf8) }) {
            problem = "'..' could lead out of the workspace"
        }
        if let problem {
            throw JobRunnerError(
                code: .unsafe,
                message: "the path \(printable(path)) is refused: \(problem)"
            )
        }
        components = parts.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Where a link in the folder `from` points, if that is below the same base.
    ///
    /// Only leading `..` are taken: behind another link's name one would climb from wherever that
    /// link leads.
    static func isInside(_ target: String, from folder: [String]) -> Bool {
        let bytes = target.utf8
        let slash = UInt8(ascii: "/")
        guard !bytes.isEmpty, bytes.first != slash else { return false }
        let parts = bytes.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
        let climbs = parts.prefix { $0.elementsEqual("..".utf8) }.count
        return climbs <= folder.count
            && !parts.dropFirst(climbs).contains { $0.elementsEqual("..".utf8) }
    }
}
