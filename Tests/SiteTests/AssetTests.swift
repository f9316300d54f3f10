import Foundation
import Testing

@testable import Site

@Suite struct AssetTests {
    private let site = Samples.site

    @Test(arguments: [
        "style.css": "text/css; charset=utf-8", "script.js": "text/javascript; charset=utf-8",
        "favicon.svg": "image/svg+xml",
    ])
    func `an asset is found at its address and nowhere else`(name: String, type: String) throws {
        let path = site.assets.path(of: name)
        let asset = try #require(site.asset(path))
        #expect(asset.contentType == type)
        #expect(asset.bytes == EmbeddedFile.assets.first { $0.name == name }?.bytes)
        #expect(site.asset("/assets/\(name)") == nil)
        #expect(site.asset(path + "/..") == nil)
    }

    @Test func `an asset's address changes with its content`() {
        let one = Assets([EmbeddedFile(name: "a.css", bytes: [1])])
        let two = Assets([EmbeddedFile(name: "a.css", bytes: [2])])
        #expect(one.path(of: "a.css") != two.path(of: "a.css"))
    }

    @Test(arguments: ["style.css", "script.js"])
    func `what every reader loads stays small`(name: String) throws {
        let file = try #require(EmbeddedFile.assets.first { $0.name == name })
        #expect(file.bytes.count <= 40 << 10)
    }

    @Test func `every file of the source tree travels in the binary`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources").standardizedFileURL
        try expectSame(EmbeddedFile.assets, as: sources.appending(path: "Site/Assets"))
        try expectSame(
            EmbeddedFile.pythonClient,
            as: sources.appending(path: "PythonClient/slipway")
        )
    }

    private func expectSame(_ files: [EmbeddedFile], as folder: URL) throws {
        let there = (FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? [])
            .compactMap { $0 as? String }
            .filter { $0.contains(".") && !$0.contains("__pycache__") }
        #expect(Set(files.map(\.name)) == Set(there), "\(folder.path)")
        for file in files {
            let bytes = try Data(contentsOf: folder.appending(path: file.name))
            #expect(Data(file.bytes) == bytes, "\(file.name) was built from an older version")
        }
    }
}
