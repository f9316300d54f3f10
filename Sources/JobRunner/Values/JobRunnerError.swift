import Glibc

/// Why running a job could not go on, apart from what the job's own commands did.
package struct JobRunnerError: Error, Equatable, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        /// A system call on a file of ours failed.
        case file
        /// A path that leads out of its folder, or to something that is not a plain file.
        case unsafe
        /// There is nothing at a path that a pipeline names.
        case missing
        /// More files or bytes than allowed.
        case tooMuch
        /// What should be ours was changed by somebody else, or cannot be read.
        case damaged
        /// A container image that cannot be built or cannot run steps.
        case image
        /// An image without `/bin/sh`.
        case noShell
        /// Another process uses the same folder.
        case rootInUse
    }

    package var code: Code
    /// What is wrong, where, and what to do about it.
    package var message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The last system call's failure, in words.
    static func system(_ what: String, _ path: String, errno code: Int32) -> JobRunnerError {
        JobRunnerError(
            code: code == ENOENT ? .missing : .file,
            message: "cannot \(what) \(path): \(String(cString: strerror(code)))"
        )
    }
}

extension JobRunnerError: CustomStringConvertible {
    package var description: String { message }
}
