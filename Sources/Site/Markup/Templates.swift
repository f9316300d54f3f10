import Mustache

/// The templates of the pages, read once.
struct Templates: Sendable {
    private let library: MustacheLibrary

    /// Reads every `.mustache` file among `files`.
    ///
    /// Fields arrive escaped, so Mustache's own escaping is switched off: it compares
    /// `Character`s, and misses a quote that a combining mark follows.
    init(_ files: [EmbeddedFile]) throws {
        var library = MustacheLibrary()
        for file in files {
            guard let name = Self.name(of: file) else { continue }
            let text = String(decoding: file.bytes, as: UTF8.self)
            try library.register("{{% CONTENT_TYPE: TEXT}}\n" + text, named: name)
        }
        self.library = library
    }

    /// The name that a template file is called by; nil for a file of another kind.
    static func name(of file: EmbeddedFile) -> String? {
        let suffix = ".mustache"
        return file.name.hasSuffix(suffix) ? String(file.name.dropLast(suffix.count)) : nil
    }

    /// The page, and the names it asked for that `fields` does not have.
    func render(_ name: String, _ fields: Fields) -> (html: String, unknown: Set<String>) {
        let ground = Ground(fields)
        guard let html = library.render(ground, withTemplate: name) else {
            preconditionFailure("no template is called \(name)")
        }
        return (html, ground.unknown)
    }
}

/// The outermost fields, where a name that no inner ones have is looked for last.
private final class Ground: MustacheParent {
    private let fields: Fields
    private(set) var unknown: Set<String> = []

    init(_ fields: Fields) {
        self.fields = fields
    }

    func child(named name: String) -> Any? {
        let child = fields.child(named: name)
        if child == nil { unknown.insert(name) }
        return child
    }
}
