import Core

/// What makes the text unreadable from some place on: the reading stops there.
struct Fault: Error, Equatable {
    var mark: Mark
    var message: String
    var hint: String?

    init(_ message: String, at mark: Mark, hint: String? = nil) {
        self.mark = mark
        self.message = message
        self.hint = hint
    }
}
