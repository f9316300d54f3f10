import Core

/// `uses`: the jobs of another file in the place of one.
extension PipelineReader {
    /// What the job takes from another file, or nil when it has steps of its own.
    mutating func use(_ fields: Fields) -> UseDefinition? {
        guard let entry = fields[.uses] else {
            checkOwnSteps(fields)
            return nil
        }
        for word in Place.job.exclusions.flatMap(\.others) {
            guard let stray = fields[word] else { continue }
            problems.add(
                "\(quoted(stray.key)) beside 'uses'",
                at: stray.keyMark,
                hint: "the jobs of that file say it themselves; hand values over in 'with'"
            )
        }
        let arguments = fields[.with].map { self.arguments($0) } ?? []
        return usedFile(entry).map { UseDefinition(path: $0, arguments: arguments) }
    }

    private mutating func checkOwnSteps(_ fields: Fields) {
        if let entry = fields[.with] {
            problems.add(
                "'with' without 'uses'",
                at: entry.keyMark,
                hint: "the settings of a plug-in stand in its step, beside 'image'"
            )
        }
        guard fields[.steps] == nil, fields[.with] == nil, !fields.hasStrangers else { return }
        problems.add(
            "a job needs 'steps'",
            at: fields.mark,
            hint: "or 'uses', for the jobs of another file"
        )
    }

    /// The path of a file below `./pipelines/`, as it is written.
    private mutating func usedFile(_ entry: Entry) -> Located<String>? {
        guard let path = locatedText(entry) else { return nil }
        let bytes = path.value.utf8
        let components = bytes.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        let isBelow = components.prefix(2).map { String(Substring($0)) } == [".", "pipelines"]
        let isPlain = components.dropFirst().allSatisfy { component in
            !component.isEmpty && component.first != UInt8(ascii: ".")
                && component.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
        let isYAML = [".yml", ".yaml"].contains {
            bytes.suffix($0.utf8.count).elementsEqual($0.utf8)
        }
        if isBelow, isPlain, isYAML, components.count > 2, bytes.count <= usedPathLengthMax {
            return path
        }
        problems.add(
            "\(quoted(path.value)) is not a file that can be used",
            at: path.mark,
            hint: "write './pipelines/lib/NAME.yml': a file of the same commit below 'pipelines/'"
        )
        return nil
    }

    private mutating func arguments(_ entry: Entry) -> [UseDefinition.Argument] {
        let pairs = table(entry, hint: "write 'INPUT: value'") ?? []
        return limited(pairs, to: Place.inputsMax, "values for inputs").compactMap { pair in
            guard let text = plainText(pair) else { return nil }
            return UseDefinition.Argument(name: pair.located, value: constant(text, pair))
        }
    }
}

private let usedPathLengthMax = 1_024
