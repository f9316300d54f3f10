import Foundation
import Testing

@testable import Site

/// Each page against the file that was looked at and found right.
///
/// `SLIPWAY_GOLDEN=update swift test --filter SiteTests` writes the files anew; look at the
/// difference before committing it. `SLIPWAY_PAGES_OUT=DIR` also writes the pages with their
/// assets to a folder, to be opened in a browser.
@Suite struct GoldenTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden")

    private let site = Samples.site

    @Test(arguments: Samples.pages.map(\.name))
    func `every page is what it was`(name: String) throws {
        let sample = try #require(Samples.pages.first { $0.name == name })
        let html = site.html(sample.page, in: sample.frame)
        if let out = Self.environment["SLIPWAY_PAGES_OUT"] {
            try write(html, as: name, to: URL(filePath: out))
        }
        let comparable = withoutHashes(html)
        let file = Self.folder.appending(path: "\(name).html")
        if Self.environment["SLIPWAY_GOLDEN"] == "update" {
            try Data(comparable.utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(comparable == golden, "\(name) differs from \(file.path)")
    }

    private func write(_ html: String, as name: String, to folder: URL) throws {
        try FileManager.default.createDirectory(
            at: folder.appending(path: "assets"),
            withIntermediateDirectories: true
        )
        for path in html.matches(of: /"(\/assets\/[^"]+)"/).map({ String($0.1) }) {
            let asset = try #require(site.asset(path))
            try Data(asset.bytes).write(to: folder.appending(path: String(path.dropFirst())))
        }
        let page = html.replacing("\"/assets/", with: "\"assets/")
        try Data(page.utf8).write(to: folder.appending(path: "\(name).html"))
    }

    /// Golden files outlive a change of the stylesheet.
    private func withoutHashes(_ html: String) -> String {
        html.replacing(/\/assets\/(\w+)-[0-9a-f]{16}/, with: { "/assets/\($0.1)-HASH" })
    }
}
