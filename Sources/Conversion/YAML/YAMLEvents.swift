import CYaml

/// One step of the parser through the text.
struct YAMLEvent {
    enum Kind {
        case documentStart
        case streamEnd
        case text(String, isPlain: Bool)
        case alias(String)
        case listStart
        case mappingStart
        case end
        /// Something that carries no value.
        case other
    }

    var kind: Kind
    var mark: Mark
    var anchor: String?
    var tag: String?
}

/// The events of libyaml over a text, one at a time.
///
/// Yams hands out only finished trees, in which an alias has become a copy and a key has been
/// hashed: too late to count either.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) throws(Fault) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            throw Fault("there is no memory to read it", at: .start)
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
            let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it ends too soon"
            throw Fault("is not YAML: \(problem)", at: Mark(parser.pointee.problem_mark))
        }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(event)
    }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        mark = Mark(event.start_mark)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_STREAM_END_EVENT: kind = .streamEnd
        case YAML_ALIAS_EVENT: kind = .alias(string(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            kind = .text(
                String(decoding: bytes, as: UTF8.self),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE
            )
            anchor = string(scalar.anchor)
        case YAML_SEQUENCE_START_EVENT:
            kind = .listStart
            anchor = string(event.data.sequence_start.anchor)
            tag = string(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            anchor = string(event.data.mapping_start.anchor)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .end
        case YAML_NO_EVENT: kind = .streamEnd
        case _: kind = .other
        }
    }
}

extension Mark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }
}

private func string(_ bytes: UnsafePointer<UInt8>?) -> String? {
    bytes.map { String(cString: $0) }
}
