import CYaml
import Core

/// The parser's complaint in the words of a person who edits the file.
func syntaxFault(of parser: yaml_parser_t, in text: SourceText) -> Fault {
    let problem = parser.problem.map { String(cString: $0) } ?? "the parser gave up"
    if parser.error == YAML_READER_ERROR {
        return Fault(problem, at: text.mark(ofByte: Int(clamping: parser.problem_offset)))
    }
    let mark = text.clamped(Mark(parser.problem_mark))
    let context = parser.context.map { String(cString: $0) } ?? ""
    let offset = text.offset(of: mark)
    if offset < text.bytes.count, text.bytes[offset] == 0x09 {
        return Fault("a tab where only spaces may stand", at: mark, hint: "indent with spaces")
    }
    if let (message, hint) = explanations[problem] { return Fault(message, at: mark, hint: hint) }
    if let (message, hint) = explanationsOfBrackets[problem] {
        let line = Mark(parser.context_mark).line
        return Fault("\(message) that began in line \(line)", at: mark, hint: hint)
    }
    // These are noticed lines after the place that a person has to look at.
    if let (message, hint) = explanationsOfStart[problem] {
        return Fault(message, at: Mark(parser.context_mark), hint: hint)
    }
    if problem.hasPrefix("Maximum nesting") { return .tooDeep(at: mark) }
    return Fault("not YAML: \(problem)" + (context.isEmpty ? "" : " \(context)"), at: mark)
}

private let explanations: [String: (String, String?)] = [
    "mapping values are not allowed in this context": (
        "a ':' where no key can end",
        "quote a text that has ': ' in it, and check the indentation"
    ),
    "block sequence entries are not allowed in this context": (
        "a list item cannot begin here",
        "begin the list on a line of its own"
    ),
    "mapping keys are not allowed in this context": ("a key cannot begin here", nil),
    "did not find expected key": (
        "neither a key of the mapping above nor its end",
        "check the indentation: the keys of one mapping stand in one column"
    ),
    "did not find expected '-' indicator": (
        "neither an item of the list above nor its end",
        "check the indentation: the '-' of one list stand in one column"
    ),
    "did not find expected node content": ("a value is missing here", nil),
    "found character that cannot start any token": (
        "a text cannot begin with this character",
        "put the text in quotes"
    ),
    "found unknown escape character": (
        "an escape that YAML does not know",
        #"in double quotes write '\\' for '\', or use single quotes"#
    ),
    "did not find expected alphabetic or numeric character": (
        "a text cannot begin with '&' or '*': they mean anchors and aliases",
        "put the text in quotes"
    ),
    "did not find expected comment or line break": (
        "nothing but a comment can stand here",
        nil
    ),
    "did not find expected <document start>": (
        "neither a key nor the end of the file",
        "quote a text that has quotes or brackets in it"
    ),
    "found undefined tag handle": ("a tag ('!') that nobody declared", "put the text in quotes"),
    "found incompatible YAML document": ("a version of YAML that is not 1.2", "leave it out"),
]

private let explanationsOfBrackets: [String: (String, String?)] = [
    "did not find expected ',' or ']'": (
        "neither ',' nor ']' in the list",
        "put ',' between its items and ']' at its end"
    ),
    "did not find expected ',' or '}'": (
        "neither ',' nor '}' in the mapping",
        "put ',' between its keys and '}' at its end"
    ),
]

private let explanationsOfStart: [String: (String, String?)] = [
    "could not find expected ':'": (
        "a key without ':'",
        "write 'key: value'; a text that goes on over lines is quoted or follows '|'"
    ),
    "found unexpected end of stream": ("these quotes are never closed", nil),
    "found unexpected document indicator": ("these quotes are never closed", nil),
]
