import Core

/// Texts with and without `${{ }}`.
extension PipelineReader {
    /// A text that is taken as it stands; `${{ }}` in it is a problem.
    mutating func plainText(_ entry: Entry, hint: String = templateHint) -> String? {
        guard let text = text(entry) else { return nil }
        guard let mark = substitution(in: entry.value, text) else { return text }
        problems.add(
            "'${{' in \(quoted(entry.key)): no values are put in here",
            at: mark,
            hint: hint
        )
        return nil
    }

    /// Where `${{` stands first in a value's text, or nil.
    private mutating func substitution(in node: YAMLNode, _ text: String) -> Mark? {
        text.firstOffset(of: "${{").map { mark(of: node).advanced(by: $0, in: text) }
    }

    /// Commands, untouched: values reach them as environment variables, never as their text.
    mutating func command(_ entry: Entry) -> String? {
        guard let text = text(entry) else { return nil }
        guard let mark = substitution(in: entry.value, text) else { return text }
        problems.add(
            "'${{' in \(quoted(entry.key)): nothing is substituted in commands",
            at: mark,
            hint: "use an environment variable, such as \"$CI_COMMIT_SHA\""
        )
        return nil
    }

    /// A text in which `${{ }}` may stand.
    mutating func template(_ entry: Entry) -> Template? {
        guard let text = text(entry) else { return nil }
        guard text.firstOffset(of: "${{") != nil else { return constant(text, entry) }
        let mark = mark(of: entry.value)
        do throws(ExpressionError) {
            return try Template(text, at: mark)
        } catch {
            add(error, in: text, at: mark)
            return nil
        }
    }

    /// A text as a template in which nothing is put in.
    func constant(_ text: String, _ entry: Entry) -> Template {
        var template = Template(constant: text)
        template.mark = entry.value.start
        return template
    }

    /// An `if`: an expression without `${{ }}` around it.
    mutating func expression(_ entry: Entry) -> Expression? {
        guard let text = text(entry) else { return nil }
        let mark = mark(of: entry.value)
        do throws(ExpressionError) {
            return try Expression(text, at: mark)
        } catch {
            add(error, in: text, at: mark)
            return nil
        }
    }

    private mutating func add(_ error: ExpressionError, in text: String, at mark: Mark) {
        problems.add(
            error.message,
            at: mark.advanced(by: error.range.lowerBound, in: text),
            hint: error.hint
        )
    }
}

extension Template {
    /// Stands where a text was that has a problem, so that it is not also missed.
    ///
    /// It has a value in it, so that nothing is found wrong with the whole.
    static let unread: Template = {
        var template = Template(constant: "")
        template.pieces = [.value(ExpressionNode(.name(ExpressionName("sha")), 0..<0))]
        return template
    }()
}

/// The rule of the language about where `${{ }}` may stand, in words.
private let templateHint = """
    they are in name, image, env, labels, cache keys, concurrency groups, version, unit, channel, \
    from and to
    """
