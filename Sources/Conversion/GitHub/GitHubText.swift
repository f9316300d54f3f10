/// A piece of a text that a shell puts together.
enum GitHubPiece {
    case text(String)
    /// A variable that is there when the commands run.
    case variable(String)
    case value(Condition)
    case secret(String)
    case output(GitHubOutput)
}

/// A text of a workflow in which `${{ }}` stood, taken apart.
struct GitHubText {
    /// For the shell, where the text alone cannot say it.
    var pieces: [GitHubPiece] = []
    /// Whether a variable stood in it that has no expression.
    var hasVariables = false
    /// With our expressions, and nothing where something has no equal.
    var text = ""
    /// The secrets that stood in it.
    var secrets: [String] = []
    /// Outputs of earlier steps of the same job.
    var outputs: [GitHubOutput] = []
    /// What has no equal, as it was written.
    var lost: [String] = []
    /// Whether it was one expression and nothing else.
    var isSingle = false

    var isPlain: Bool { secrets.isEmpty && outputs.isEmpty && lost.isEmpty && !hasVariables }
    /// Whether nothing in it is without an equal.
    var isWhole: Bool { lost.isEmpty }
}

/// `steps.ID.outputs.NAME`.
struct GitHubOutput: Equatable {
    var step: String
    var name: String
}

extension GitHubFile {
    /// Takes a text apart at its `${{ }}`.
    mutating func template(_ source: String) -> GitHubText {
        var result = GitHubText()
        let bytes = Array(source.utf8)
        var position = 0
        while let open = source.range(of: "${{", from: position),
            let close = source.range(of: "}}", from: open.upperBound)
        {
            let before = String(decoding: bytes[position..<open.lowerBound], as: UTF8.self)
            result.text += before
            result.pieces.append(.text(before))
            let inner = String(
                decoding: bytes[open.upperBound..<close.lowerBound],
                as: UTF8.self
            )
            result.isSingle = open.lowerBound == 0 && close.upperBound == bytes.count
            add(inner.trimmed, to: &result)
            position = close.upperBound
            if result.text.utf8.count > 65_536 { break }
        }
        let rest = String(decoding: bytes[position...], as: UTF8.self)
        result.text += rest
        result.pieces.append(.text(rest))
        return result
    }

    private mutating func add(_ inner: String, to result: inout GitHubText) {
        if let variable = GitHubVariables.known[inner], GitHubVariables.texts[inner] == nil {
            result.hasVariables = true
            result.pieces.append(.variable(variable))
            return
        }
        switch reference(inner) {
        case .secret(let name):
            result.secrets.append(name)
            result.pieces.append(.secret(name))
        case .output(let output):
            result.outputs.append(output)
            result.pieces.append(.output(output))
        case .value(.text(let text)):
            result.text += text
            result.pieces.append(.text(text))
        case .value(let condition):
            result.text += "${{ \(condition.rendered) }}"
            result.pieces.append(.value(condition))
        case .lost(let what): result.lost.append(what)
        }
    }

    /// What an expression between braces refers to.
    enum Reference {
        case secret(String)
        case output(GitHubOutput)
        case value(Condition)
        case lost(String)
    }

    mutating func reference(_ inner: String) -> Reference {
        if case .name(let words) = ForeignExpressionParser.parse(inner, .github) {
            if words.count == 2, words[0] == "secrets" || words[0] == "vars" {
                return .secret(words[1])
            }
            if words == ["github", "token"] { return .secret("GITHUB_TOKEN") }
            if words.count == 4, words[0] == "steps", words[2] == "outputs" {
                return .output(GitHubOutput(step: words[1], name: words[3]))
            }
        }
        let value = names.value(inner)
        let unknown = names.takeUnknown()
        return value == .unknown ? .lost(unknown.first ?? shown(inner)) : .value(value)
    }

    /// The variables of a pipeline or job.
    ///
    /// Secrets are given to steps, so those go to every step that runs commands.
    mutating func environment(_ node: YAMLNode, isShared: Bool) -> Environment {
        var environment = Environment()
        for pair in node.pairs {
            let comments = source.comments(above: pair.mark)
            let text = template(pair.value.text ?? "")
            guard pair.key.isVariableName else {
                environment.comments.append(lostVariable(pair, "it is not the name of a variable"))
                continue
            }
            if text.isSingle, let secret = text.secrets.first {
                secrets.append(SecretDraft(variable: pair.key, from: secret))
            } else if text.isPlain {
                environment.set(pair.key, text.text, comments: comments)
            } else if let line = lead(pair.key, text) {
                leads.append((pair.key, line))
            } else {
                environment.comments.append(
                    lostVariable(pair, "set it in the commands that need it")
                )
            }
        }
        return environment
    }

    /// A line that sets a variable from others that every step has.
    private func lead(_ name: String, _ text: GitHubText) -> String? {
        guard text.isWhole, text.secrets.isEmpty, text.outputs.isEmpty else { return nil }
        var value = ""
        for piece in text.pieces {
            switch piece {
            case .text(let text): value += Shell.inDoubleQuotes(text)
            case .variable(let name): value += "${\(name)}"
            case .value(.name(let name)):
                guard let known = GitHubVariables.ours[name] else { return nil }
                value += "${\(known)}"
            case .value, .secret, .output: return nil
            }
        }
        return "export \(name)=\"\(value)\""
    }

    mutating func lostVariable(_ pair: YAMLPair, _ advice: String) -> String {
        remarks.add(.lost, "\(shown(pair.key)): \(shown(pair.value.flow))", advice, at: pair.mark)
    }
}
