/// Why the control database did not do what it was asked.
package struct StorageError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case nameTaken
        case notFound
        case conflict
        /// Whoever asked may not.
        case refused
        case busy
        /// The attempt belongs to someone else now, or has ended.
        case staleFence
        case full
        case corrupt
        case other
    }

    package var code: Code
    /// What happened, and what to do next.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
