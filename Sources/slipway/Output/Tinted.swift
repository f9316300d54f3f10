import Core

/// A text with the colour it has on a terminal; the words alone say the same.
struct Tinted: Equatable, ExpressibleByStringInterpolation {
    enum Tint: Int {
        case bold = 1
        case dim = 2
        case red = 31
        case green = 32
        case yellow = 33
        case magenta = 35
        case cyan = 36
    }

    var text: String
    var tint: Tint?

    init(_ text: String, _ tint: Tint? = nil) {
        self.text = printable(text)
        self.tint = tint
    }

    init(stringLiteral text: String) {
        self.init(text)
    }

    func rendered(isColoured: Bool) -> String {
        guard isColoured, let tint, !text.isEmpty else { return text }
        return "\u{1B}[\(tint.rawValue)m\(text)\u{1B}[0m"
    }
}

extension BuildResult {
    /// The result as a word, in its colour.
    var word: Tinted {
        switch self {
        case .success: Tinted(rawValue, .green)
        case .warnings: Tinted(rawValue, .yellow)
        case .failure: Tinted(rawValue, .red)
        case .exception: Tinted(rawValue, .magenta)
        case .retry, .cancelled: Tinted(rawValue, .yellow)
        case .skipped: Tinted(rawValue, .dim)
        }
    }
}

extension Progress {
    /// How it ended, or how far it is.
    func word(_ result: BuildResult?) -> Tinted {
        switch self {
        case .waiting: Tinted(rawValue, .dim)
        case .running: Tinted(rawValue, .cyan)
        case .finished: result?.word ?? Tinted(rawValue)
        }
    }
}
