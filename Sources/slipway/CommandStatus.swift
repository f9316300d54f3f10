import ArgumentParser
import Core

/// How the program ends, for those who call it: part of the contract.
enum CommandStatus: Int32, CaseIterable {
    /// Done, or green.
    case done = 0
    /// A red build, or lint problems.
    case red = 1
    case wrongUse = 2
    case cancelled = 3
    /// The machinery failed, not the tested code.
    case exception = 4
    case notFound = 5
    /// Permission or policy.
    case refused = 6

    /// What a build that ended so means for who waited for it.
    init(_ result: BuildResult) {
        switch result {
        case .success, .warnings, .skipped: self = .done
        case .failure: self = .red
        case .cancelled: self = .cancelled
        case .exception, .retry: self = .exception
        }
    }

    /// What an HTTP status that is not a success means for the command.
    init(http status: Int) {
        switch status {
        case 404, 410: self = .notFound
        case 401, 403, 409, 412, 423: self = .refused
        case 400..<429: self = .wrongUse
        case _: self = .exception
        }
    }
}

/// Why a command could not do what was asked.
struct CommandError: Error, Equatable {
    var status: CommandStatus
    var message: String
    /// What to do about it.
    var hint: String?

    init(_ status: CommandStatus, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }
}

extension Slipway {
    /// The only place where an error is shown and becomes an exit code.
    static func leave(because error: any Error) -> Never {
        let (text, status) = farewell(error)
        if !text.isEmpty {
            status == .done ? Output.standard.line(text) : Output.standard.note(text)
        }
        exit(withError: ExitCode(status.rawValue))
    }

    /// What is said at the end, and how the program ends.
    static func farewell(_ error: any Error) -> (text: String, status: CommandStatus) {
        switch error {
        case let error as CommandError:
            let hint = error.hint.map { "\n  \(printable($0))" } ?? ""
            return ("slipway: \(printable(error.message))\(hint)", error.status)
        case let code as ExitCode:
            return ("", CommandStatus(rawValue: code.rawValue) ?? .exception)
        case _:
            let text = fullMessage(for: error)
            switch exitCode(for: error) {
            case .success: return (text, .done)
            case .validationFailure: return (asOurs(text), .wrongUse)
            case _: return (asOurs(text), .exception)
            }
        }
    }

    private static func asOurs(_ text: String) -> String {
        let prefix = "Error: "
        return text.hasPrefix(prefix) ? "slipway: " + text.dropFirst(prefix.count) : text
    }
}
