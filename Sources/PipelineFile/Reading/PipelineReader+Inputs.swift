import Core

/// The `inputs` of a person's build, or of a file that others use.
extension PipelineReader {
    mutating func inputs(_ entry: Entry) -> [InputDefinition] {
        let inputs = table(entry, hint: "write 'NAME: { type: string }'") ?? []
        return limited(inputs, to: Place.inputsMax, "inputs").compactMap { input($0) }
    }

    private mutating func input(_ entry: Entry) -> InputDefinition? {
        guard let fields = fields(entry, in: .input) else {
            return InputDefinition(name: entry.located)
        }
        let type = fields[.type].flatMap { choice($0, among: Place.inputTypes) } ?? .text
        let options = fields[.options].map { list($0) } ?? []
        if let entry = fields[.options], type != .choice {
            problems.add(
                "'options' of an input that is no choice",
                at: entry.keyMark,
                hint: "write 'type: choice' beside them, or leave them out"
            )
        }
        return InputDefinition(
            name: entry.located,
            type: type,
            options: options.compactMap { plainText($0) },
            defaultValue: fields[.defaultValue].flatMap { locatedText($0) },
            isRequired: fields[.required].flatMap { flag($0) } ?? false,
            description: fields[.description].flatMap { label($0) }
        )
    }
}
