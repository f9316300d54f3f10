/// Turns view models into pages.
///
/// Everything it needs travels inside the binary and is read once; a page is then a pure function
/// of its model and its frame.
package struct Site: Sendable {
    private let templates: Templates
    let assets: Assets

    /// Reads the embedded templates and assets.
    ///
    /// A template that does not parse is our own mistake and stops the start, where a test sees it.
    package init() {
        let files = EmbeddedFile.assets
        assets = Assets(files)
        do {
            templates = try Templates(files)
        } catch {
            preconditionFailure("a template does not parse: \(error)")
        }
    }

    /// The whole page, as UTF-8 HTML.
    package func html(_ page: Page, in frame: PageFrame) -> String {
        rendered(page, in: frame).html
    }

    /// The asset at this path of the server, such as `/assets/style-<hash>.css`.
    ///
    /// Its name holds a hash of its content, so an answer may be kept for ever.
    package func asset(_ path: String) -> (bytes: [UInt8], contentType: String)? {
        assets.file(at: path)
    }

    /// What answers of HTML must carry as `Content-Security-Policy`: nothing inline, nothing from
    /// elsewhere.
    package static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
        connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    /// The page, and the names its templates asked for in vain.
    func rendered(_ page: Page, in frame: PageFrame) -> (html: String, unknown: Set<String>) {
        let common = page.commonFields(in: frame)
        let content = page.content(in: frame)
        let main = templates.render(content.template, content.fields.with(common))
        let whole = templates.render(
            "layout",
            page.layoutFields(in: frame, assets: assets, main: Markup(trusted: main.html)).with(
                common
            )
        )
        return (whole.html, main.unknown.union(whole.unknown))
    }
}
