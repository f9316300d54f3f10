import CYaml
import Core

/// One step of the parser through the text.
struct YAMLEvent {
    enum Kind: Equatable {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case scalar(text: String, style: YAMLStyle)
        case alias(name: String)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    var kind: Kind
    var start: Mark
    var end: Mark
    var anchor: String?
    var hasTag: Bool
}

/// The events of libyaml over a text, one at a time.
///
/// Yams hands out only finished trees, in which an alias has become a copy and a key has been
/// hashed: too late to count either. So this reads the same parser one level below. The reading
/// is linear in the text, and nothing is built that the caller did not ask for.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let text: SourceText

    init(_ text: SourceText) throws(Fault) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        input = .allocate(capacity: text.bytes.count)
        _ = input.initialize(from: text.bytes)
        self.text = text
        guard yaml_parser_initialize(parser) == 1 else {
            throw Fault("there is no memory to read the file", at: .start)
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deinitialize(count: 1)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event; after the end of the stream there is none to ask for.
    mutating func next() throws(Fault) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            throw syntaxFault(of: parser.pointee, in: text)
        }
        defer { yaml_event_delete(&event) }
        var made = YAMLEvent(event)
        // Nothing at all, behind the last line break, is no place in the file.
        made.start = text.clamped(made.start)
        return made
    }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        start = Mark(event.start_mark)
        end = Mark(event.end_mark)
        anchor = nil
        hasTag = false
        switch event.type {
        case YAML_STREAM_START_EVENT: kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_ALIAS_EVENT: kind = .alias(name: string(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            kind = .scalar(
                text: String(decoding: bytes, as: UTF8.self),
                style: YAMLStyle(scalar.style)
            )
            anchor = string(scalar.anchor)
            hasTag = scalar.tag != nil
        case YAML_SEQUENCE_START_EVENT:
            kind = .sequenceStart
            anchor = string(event.data.sequence_start.anchor)
            hasTag = event.data.sequence_start.tag != nil
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            anchor = string(event.data.mapping_start.anchor)
            hasTag = event.data.mapping_start.tag != nil
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        // The end of the stream, and the "no event" that libyaml gives behind it.
        case _: kind = .streamEnd
        }
    }
}

extension YAMLStyle {
    fileprivate init(_ style: yaml_scalar_style_t) {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: self = .literal
        case YAML_FOLDED_SCALAR_STYLE: self = .folded
        case _: self = .plain
        }
    }
}

extension Mark {
    init(_ mark: yaml_mark_t) {
        self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }
}

private func string(_ bytes: UnsafePointer<UInt8>?) -> String? {
    bytes.map { String(cString: $0) }
}
