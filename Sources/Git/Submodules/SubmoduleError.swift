/// Why a commit's submodule cannot be had.
package struct SubmoduleError: Error, Equatable, Sendable {
    /// Whose trouble it is.
    package enum Code: String, Sendable, CaseIterable {
        /// The commit asks for what is not allowed or cannot be read.
        case refused
        /// What the commit names is not there.
        case missing
        /// Where it should come from does not answer.
        case unavailable
    }

    package var code: Code
    /// What is wrong, where, and what to do about it.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension SubmoduleError: CustomStringConvertible {
    package var description: String { message }
}
