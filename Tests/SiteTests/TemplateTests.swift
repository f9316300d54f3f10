import Foundation
import Testing

@testable import Site

@Suite struct TemplateTests {
    private let site = Samples.site

    @Test func `every name that a template asks for exists`() {
        for (name, page, frame) in Samples.pages {
            #expect(site.rendered(page, in: frame).unknown == [], "\(name)")
        }
    }

    /// A section that no sample opens hides misspelled names inside it.
    @Test func `every name in every template is given by some page`() {
        var given: Set<String> = []
        for (_, page, frame) in Samples.pages {
            given.formUnion(page.commonFields(in: frame).names)
            given.formUnion(page.content(in: frame).fields.names)
            let layout = page.layoutFields(in: frame, assets: site.assets, main: "")
            given.formUnion(layout.names)
        }
        for file in EmbeddedFile.assets {
            guard let name = Templates.name(of: file) else { continue }
            let text = String(decoding: file.bytes, as: UTF8.self)
            let asked = Set(text.matches(of: /\{\{[#^\/]?(\w+)\}\}/).map { String($0.1) })
            #expect(asked.subtracting(given) == [], "\(name).mustache")
        }
    }

    @Test func `templates escape by type alone and never by braces`() {
        for file in EmbeddedFile.assets where Templates.name(of: file) != nil {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(file.name)")
        }
    }

    @Test func `a field that is absent is not looked for in what surrounds it`() throws {
        let file = EmbeddedFile(
            name: "a.mustache",
            bytes: Array("{{#inner}}{{x}}|{{y}}{{/inner}}{{z}}".utf8)
        )
        let fields: Fields = ["x": "outer", "y": "outer", "inner": ["x": nil] as Fields]
        let page = try Templates([file]).render("a", fields)
        #expect(page.html == "|outer")
        #expect(page.unknown == ["z"])
    }

    @Test func `every form that changes something carries the token against forgery`() {
        for (name, page, frame) in Samples.pages {
            let html = site.html(page, in: frame)
            for form in html.split(separator: "<form ").dropFirst() {
                let inside = form.prefix { $0 != ">" } + form.prefix(upTo: "</form>")
                if inside.contains("method=\"post\"") {
                    #expect(inside.contains("name=\"csrf\" value=\"c0ffee\""), "\(name)")
                }
            }
        }
    }

    @Test func `who is not signed in sees no button that would be refused`() {
        for (name, page, frame) in Samples.pages {
            var frame = frame
            frame.person = nil
            let forms = site.html(page, in: frame).split(separator: "<form ").dropFirst()
            let others = forms.filter { !$0.contains("action=\"/login\"") }
            #expect(others.isEmpty, "\(name)")
        }
    }

    @Test func `nothing on a page needs an exception from the policy`() {
        for (name, page, frame) in Samples.pages {
            let html = site.html(page, in: frame)
            #expect(html.firstMatch(of: /\sstyle=|\son[a-z]+=|javascript:/) == nil, "\(name)")
            #expect(html.firstMatch(of: /<script(?! src="\/assets\/)/) == nil, "\(name)")
            #expect(html.firstMatch(of: /(?:src|href)="(?:https?:)?\/\//) == nil, "\(name)")
            #expect(!html.contains("<style"), "\(name)")
        }
    }

    @Test func `an id stands for one element and every label and anchor finds its own`() {
        for (name, page, frame) in Samples.pages {
            let html = site.html(page, in: frame)
            let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
            #expect(ids.count == Set(ids).count, "\(name)")
            let wanted = html.matches(of: /\s(?:for|aria-labelledby)="([^"]*)"/).map {
                String($0.1)
            }
            #expect(Set(wanted).subtracting(ids) == [], "\(name)")
            let glyphs = html.matches(of: /<use href="#([^"]*)"/).map { String($0.1) }
            #expect(Set(glyphs).subtracting(ids) == [], "\(name)")
        }
    }
}

extension Fields {
    /// Its names and those of everything inside.
    fileprivate var names: Set<String> {
        var names = Set(fields.keys)
        for value in fields.values {
            if let inner = value as? Fields { names.formUnion(inner.names) }
            if let list = value as? [Fields] { names.formUnion(list.flatMap(\.names)) }
        }
        return names
    }
}

extension Substring {
    fileprivate func prefix(upTo end: String) -> Substring {
        range(of: end).map { self[..<$0.lowerBound] } ?? self
    }
}
