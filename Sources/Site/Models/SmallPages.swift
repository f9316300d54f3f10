/// The page that asks for a token.
package struct LoginPage: Equatable, Sendable {
    /// Where to go afterwards: a path of this server.
    package var next: String
    /// Why the last try was refused.
    package var problem: String?

    package init(
        next: String = "/",
        problem: String? = nil
    ) {
        self.next = next
        self.problem = problem
    }
}

/// What could not be shown or done, and what to do next.
package struct ErrorPage: Equatable, Sendable {
    /// Of the HTTP answer.
    package var status: Int
    /// What is wrong, in a sentence.
    package var detail: String
    /// What would help, in a sentence.
    package var advice: String?
    /// The number that the server's log has too.
    package var reference: String?

    package init(
        status: Int,
        detail: String,
        advice: String? = nil,
        reference: String? = nil
    ) {
        self.status = status
        self.detail = detail
        self.advice = advice
        self.reference = reference
    }
}
