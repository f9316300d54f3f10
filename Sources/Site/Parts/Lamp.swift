extension Markup {
    /// The glyph of a standing, which says its word to who cannot see it.
    static func lamp(_ standing: Standing) -> Markup { lamp(standing.word, label: standing.word) }

    /// A glyph that means something else than a result here.
    static func lamp(_ glyph: String, label: String) -> Markup {
        """
        <svg class="lamp is-\(glyph)" role="img" aria-label="\(label)">\
        <use href="#s-\(glyph)"/></svg>
        """
    }

    /// A glyph beside the word it means.
    static func silentLamp(_ standing: Standing) -> Markup {
        """
        <svg class="lamp is-\(standing.word)" aria-hidden="true">\
        <use href="#s-\(standing.word)"/></svg>
        """
    }

    /// The build's name as a link: repository and number.
    static func link(to build: BuildLink) -> Markup {
        "<a href=\"\(Link.build(build.id))\"><b><bdi>\(build.repository)</bdi></b> \(build.number)</a>"
    }
}
