import Core

/// What a container is made of: its image and its environment.
extension PipelineReader {
    /// The image that a mapping gives, if any; one that cannot be read, or that may hide behind
    /// an unknown key, is not also missed.
    mutating func image(of fields: Fields) -> Template? {
        guard let entry = fields[.image] else {
            return fields.hasStrangers ? .unread : nil
        }
        return image(entry) ?? .unread
    }

    /// An image reference, or a folder below `./containers/`.
    mutating func image(_ entry: Entry) -> Template? {
        guard let template = template(entry) else { return nil }
        guard let text = template.constant, ImageSource(written: text) == nil else {
            return template
        }
        problems.add(
            "\(quoted(text)) is not an image",
            at: entry.value.start,
            hint: "an image is written like 'debian:bookworm-slim', one of the repository "
                + "like './containers/NAME'"
        )
        return nil
    }

    /// Variables for commands.
    mutating func environment(_ entry: Entry) -> [String: Template] {
        var environment: [String: Template] = [:]
        for variable in table(entry, hint: "write 'NAME: value'") ?? [] where isVariable(variable) {
            if variable.value.isNull {
                problems.add(
                    "\(quoted(variable.key)) has no value",
                    at: variable.keyMark,
                    hint: "an empty one is written \"\""
                )
                continue
            }
            environment[variable.key] = template(variable) ?? .unread
        }
        return environment
    }
}
