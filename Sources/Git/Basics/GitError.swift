import CLibgit2

/// Why Git could not do what was asked.
package struct GitError: Error, Equatable, Sendable {
    /// What kind of trouble it is, for callers that act on it.
    package enum Code: String, Sendable, CaseIterable {
        case notFound
        case unreachable
        case timedOut
        case tooLarge
        case refusedURL
        case corrupt
        case authentication
        /// Another fetch of the same mirror has not ended.
        case busy
        case other
    }

    package var code: Code
    /// What went wrong and where: one sentence without a full stop.
    package var message: String
    /// What a person can do about it.
    package var advice: String

    package init(_ code: Code, _ message: String, advice: String? = nil) {
        self.code = code
        self.message = message
        self.advice = advice ?? code.advice
    }
}

extension GitError: CustomStringConvertible {
    package var description: String { advice.isEmpty ? message : "\(message); \(advice)" }
}

extension GitError.Code {
    fileprivate var advice: String {
        switch self {
        case .notFound: "check the name and that the repository still has it"
        case .unreachable: "check the URL and that this machine can reach it"
        case .timedOut: "the next poll tries again; raise the fetch deadline if this stays"
        case .tooLarge: "raise the limit if this is meant to be so large"
        case .refusedURL: "use a local path, file://, https:// or ssh://"
        case .corrupt: "run `git fsck` in the repository"
        case .authentication: "give the user that runs Slipway access to the repository"
        case .busy: "wait for it to end"
        case .other: ""
        }
    }
}

extension GitError {
    /// The error that a libgit2 call on this very thread just reported.
    static func reported(_ status: Int32, while doing: String) -> GitError {
        let last = git_error_last()?.pointee
        let detail = last?.message.map { String(cString: $0) } ?? "status \(status)"
        let category = last.map { git_error_t(rawValue: numericCast($0.klass)) } ?? GIT_ERROR_NONE
        return GitError(
            code(of: status, category: category, detail: detail),
            "\(doing): \(detail)",
            advice: status == GIT_ECERTIFICATE.rawValue ? certificateAdvice(category) : nil
        )
    }

    private static func certificateAdvice(_ category: git_error_t) -> String {
        category == GIT_ERROR_SSH
            ? "check the server's key and add it to ~/.ssh/known_hosts of the user that runs Slipway"
            : "let this machine trust the authority that signed the server's certificate, or name "
                + "its file in GIT_SSL_CAINFO"
    }

    private static func code(of status: Int32, category: git_error_t, detail: String) -> Code {
        switch status {
        case GIT_EAUTH.rawValue, GIT_ECERTIFICATE.rawValue: return .authentication
        case GIT_ENOTFOUND.rawValue where category != GIT_ERROR_NET: return .notFound
        case _: break
        }
        switch category {
        case GIT_ERROR_ZLIB, GIT_ERROR_ODB, GIT_ERROR_OBJECT, GIT_ERROR_INDEXER, GIT_ERROR_TREE:
            return .corrupt
        case GIT_ERROR_HTTP where detail.utf8.elementsEqual("unexpected http status code: 404".utf8):
            return .notFound
        case GIT_ERROR_HTTP where detail.utf8.starts(with: "unexpected http status code: 40".utf8),
            GIT_ERROR_HTTP where detail.utf8.starts(with: "remote authentication required".utf8),
            GIT_ERROR_HTTP where detail.utf8.starts(with: "too many redirects or auth".utf8):
            return .authentication
        case GIT_ERROR_NET, GIT_ERROR_SSL, GIT_ERROR_SSH, GIT_ERROR_HTTP:
            return .unreachable
        case _:
            return .other
        }
    }
}

/// Turns a negative status of libgit2 into an error.
func check(_ status: Int32, _ doing: @autoclosure () -> String) throws(GitError) {
    if status < 0 { throw GitError.reported(status, while: doing()) }
}
