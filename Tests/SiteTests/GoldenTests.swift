import Foundation
import Testing

@testable import Site

/// Each page against the file that was looked at and found right.
///
/// `SLIPWAY_GOLDEN=update swift test --filter SiteTests` writes the files anew; look at the
/// difference before committing it. `SLIPWAY_PAGES_OUT=DIR` writes the pages with their assets,
/// to be opened in a browser.
@Suite struct GoldenTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden")

    private let site = Site()

    @Test(arguments: Samples.pages.map(\.name))
    func `every page is what it was`(name: String) throws {
        let sample = try #require(Samples.pages.first { $0.name == name })
        let html = withoutHashes(site.html(sample.page, in: sample.frame))
        let file = Self.folder.appending(path: "\(name).html")
        if Self.environment["SLIPWAY_GOLDEN"] == "update" {
            try Data(html.utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(html == golden, "\(name) differs from \(file.path)")
    }

    @Test func `the pages are written where a browser can open them`() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let out = Self.environment["SLIPWAY_PAGES_OUT"].map { URL(filePath: $0) } ?? scratch
        let assets = out.appending(path: "assets")
        try FileManager.default.createDirectory(at: assets, withIntermediateDirectories: true)
        for path in assetPaths(in: site.html(Samples.pages[0].page, in: Samples.pages[0].frame)) {
            let asset = try #require(site.asset(path))
            try Data(asset.bytes).write(to: out.appending(path: String(path.dropFirst())))
        }
        for (name, page, frame) in Samples.pages {
            let html = site.html(page, in: frame).replacing("\"/assets/", with: "\"assets/")
            try Data(html.utf8).write(to: out.appending(path: "\(name).html"))
        }
    }

    /// Golden files outlive a change of the stylesheet.
    private func withoutHashes(_ html: String) -> String {
        html.replacing(/\/assets\/(\w+)-[0-9a-f]{16}/, with: { "/assets/\($0.1)-HASH" })
    }

    private func assetPaths(in html: String) -> [String] {
        html.matches(of: /"(\/assets\/[^"]+)"/).map { String($0.1) }
    }
}
