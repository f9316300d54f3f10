import Core

extension Standing {
    /// The word of the dictionary, which is also the end of the class `is-…` and the glyph `s-…`.
    var word: String {
        switch self {
        case .waiting: "waiting"
        case .running: "running"
        case .finished(let result): result.rawValue
        }
    }

    /// As the first word of a tile or title.
    var title: String { capitalized(word) }

    /// The sign in a page's title, where a glyph cannot be drawn.
    var sign: String {
        switch self {
        case .waiting: "◌"
        case .running: "◔"
        case .finished(let result):
            switch result {
            case .success: "✓"
            case .warnings: "!"
            case .failure: "✕"
            case .exception: "◆"
            case .skipped: "–"
            case .cancelled: "⊘"
            case .retry: "↻"
            }
        }
    }

    /// What happened to it, as a verb: `billing 1482 failed`.
    var verb: String {
        switch self {
        case .waiting: "waits"
        case .running: "runs"
        case .finished(let result):
            switch result {
            case .success: "succeeded"
            case .warnings: "succeeded with warnings"
            case .failure: "failed"
            case .exception: "broke"
            case .skipped: "was skipped"
            case .cancelled: "was cancelled"
            case .retry: "is tried again"
            }
        }
    }

    /// The verb where there is room for one word.
    var briefVerb: String { self == .finished(.warnings) ? "warnings" : verb }

    /// Whether it ended badly enough that somebody should look.
    var isRed: Bool {
        switch self {
        case .waiting, .running: false
        case .finished(let result):
            switch result {
            case .failure, .exception: true
            case .success, .warnings, .skipped, .cancelled, .retry: false
            }
        }
    }

    /// Whether what follows it may go on.
    var isGreen: Bool {
        switch self {
        case .waiting, .running: false
        case .finished(let result): result.isGreen
        }
    }

    var isFinished: Bool {
        switch self {
        case .waiting, .running: false
        case .finished: true
        }
    }

    /// What needs somebody comes first: red, running, waiting, warnings, and then the quiet rest.
    var urgency: Int {
        switch self {
        case .waiting: 3
        case .running: 2
        case .finished(let result):
            switch result {
            case .failure, .exception: 0
            case .retry: 2
            case .warnings: 4
            case .cancelled: 5
            case .success, .skipped: 6
            }
        }
    }
}
