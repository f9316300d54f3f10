/// Why a call of the docker command line did not do what was asked.
package struct DockerError: Error, Equatable, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        /// The command is not installed, or no engine answers it.
        case engineUnavailable
        /// Neither here nor, after a pull, in the registry.
        case imageNotFound
        /// The registry could not be reached or gave no usable answer.
        case registryUnavailable
        /// No such container, volume or network.
        case notFound
        /// The engine sees other files at a path than this machine: it is elsewhere.
        case notShared
        /// The call outlived its deadline and its process was killed.
        case timedOut
        /// A value that must not reach the command line; the engine was not asked.
        case refused
        /// The call wrote more than it may and its process was killed.
        case outputTooLong
        case other
    }

    package var code: Code
    /// What happened and what to do about it.
    package var message: String
    /// The end of what docker itself said, verbatim; empty when it said nothing.
    package var excerpt: String

    package init(code: Code, message: String, excerpt: String = "") {
        self.code = code
        self.message = message
        self.excerpt = excerpt
    }

    /// Bytes kept of what docker said.
    static let excerptMax = 2_048
}

extension DockerError: CustomStringConvertible {
    package var description: String { excerpt.isEmpty ? message : "\(message): \(excerpt)" }
}

extension DockerError {
    /// Reads docker's own words, the only thing the command line offers to tell failures apart.
    static func failed(_ verb: String, status: String, saying text: String) -> DockerError {
        let code = code(of: text)
        let excerpt = String(text.suffix(excerptMax))
        return DockerError(code: code, message: message(code, verb, status), excerpt: excerpt)
    }

    private static func message(_ code: Code, _ verb: String, _ status: String) -> String {
        switch code {
        case .engineUnavailable:
            "The Docker engine does not answer; start it, or check DOCKER_HOST and permissions"
        case .imageNotFound:
            "The image does not exist, or this machine may not read it"
        case .registryUnavailable:
            "The registry of the image cannot be reached"
        case .notShared:
            "The Docker engine does not see this machine's files"
        case .notFound, .timedOut, .refused, .outputTooLong, .other:
            "docker \(verb) failed (\(status))"
        }
    }

    private static let signs: [(Code, [String])] = [
        (
            .engineUnavailable,
            [
                "cannot connect to the docker daemon", "is the docker daemon running",
                "error during connect", "permission denied while trying to connect",
            ]
        ),
        (
            .registryUnavailable,
            [
                "dial tcp", "toomanyrequests", "i/o timeout", "tls handshake", "connection reset",
                "no such host", "connection refused", "unexpected eof", "net/http:",
                "received unexpected http status", "service unavailable",
            ]
        ),
        (.notShared, ["bind source path does not exist"]),
        (
            .imageNotFound,
            [
                "no such image", "manifest unknown", "pull access denied", "manifest for ",
                "repository does not exist", "not found: manifest",
            ]
        ),
        (
            .notFound,
            [
                "no such container", "no such object", "no such volume", "no such network",
                "could not find the file",
            ]
        ),
    ]

    private static func code(of text: String) -> Code {
        let said = text.lowercased()
        if let found = signs.first(where: { $0.1.contains { said.contains($0) } }) {
            return found.0
        }
        // "network NAME not found" has the name in its middle.
        return said.contains("network ") && said.contains(" not found") ? .notFound : .other
    }
}
