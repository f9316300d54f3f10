/// Something of the host, or some memory, at a path inside a container.
package enum Mount: Hashable, Sendable {
    case bind(source: String, target: String, isReadOnly: Bool = false)
    case volume(name: String, target: String, isReadOnly: Bool = false)
    /// Memory, never executable; `size` in bytes counts against the container's memory limit.
    case tmpfs(target: String, size: Int, mode: Int = 0o1777)

    /// The flag for the command line.
    func argument() throws(DockerError) -> String {
        switch self {
        case .bind(let source, let target, let isReadOnly):
            let source = try Argument.path(source, "mount source")
            return try Self.line("bind", source, target, isReadOnly)
        case .volume(let name, let target, let isReadOnly):
            // As with a bind mount, what the image has there is hidden, not copied.
            return try Self.line("volume", try Argument.name(name), target, isReadOnly)
                + ",volume-nocopy"
        case .tmpfs(let target, let size, let mode):
            let target = try Argument.path(target, "mount target")
            // This flag has fields of its own and no way to quote them.
            guard !target.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == comma }) else {
                throw DockerError(
                    code: .refused,
                    message: "\(quoted(target)) cannot be a mount target: ':' and ',' part fields"
                )
            }
            let mode = String(mode, radix: 8)
            return "--tmpfs=\(target):rw,noexec,nosuid,nodev,size=\(size),mode=\(mode)"
        }
    }

    private static func line(
        _ kind: String,
        _ source: String,
        _ target: String,
        _ isReadOnly: Bool
    ) throws(DockerError) -> String {
        let target = try Argument.path(target, "mount target")
        let fields = ["type=\(kind)", field("src=\(source)"), field("dst=\(target)")]
        return "--mount=" + (fields + (isReadOnly ? ["readonly"] : [])).joined(separator: ",")
    }

    /// The value of `--mount` is a line of CSV, so a comma in a path must be quoted.
    private static func field(_ text: String) -> String {
        let quote = UInt8(ascii: "\"")
        guard text.utf8.contains(where: { $0 == comma || $0 == quote }) else { return text }
        let doubled = text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
        return "\"\(String(decoding: doubled, as: UTF8.self))\""
    }
}

private let comma = UInt8(ascii: ",")
