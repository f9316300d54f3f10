/// A value that a person, or a file that uses this one, gives to a pipeline.
package struct InputDefinition: Equatable, Sendable {
    package var name: Located<String>
    package var type: InputType
    /// Of a choice, in the order of the file.
    package var options: [String]
    /// As it is written; it must fit the type.
    package var defaultValue: Located<String>?
    package var isRequired: Bool
    package var description: String?

    package init(
        name: Located<String>,
        type: InputType = .text,
        options: [String] = [],
        defaultValue: Located<String>? = nil,
        isRequired: Bool = false,
        description: String? = nil
    ) {
        self.name = name
        self.type = type
        self.options = options
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.description = description
    }
}

/// What an input holds.
package enum InputType: String, Sendable, Codable, CaseIterable {
    case text
    case number
    case flag
    /// One of a list of texts.
    case choice
}
