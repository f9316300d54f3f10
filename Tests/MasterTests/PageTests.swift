import Core
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@Suite struct PageTests {
    private static let evil = "<script>alert(1)</script>"
    /// Git takes it as the name of a branch.
    private static let evilBranch = #""><img/src=x/onerror=alert(1)>&'"#

    @Test func `every page answers, with one strict policy, and escapes what people wrote`()
        async throws
    {
        try await withMaster { live in
            let worker = try await live.worker(labels: ["arm"])
            let repository = try await live.repository()
            let pipeline = onePipeline.replacing("Tests", with: "\"<script>alert(1)</script>\"")
            let build = try await live.build(
                pipeline,
                in: repository,
                message: "\(Self.evil)\n\n\(Self.evil)",
                branch: Self.evilBranch
            )
            #expect(build.ref.string == "refs/heads/\(Self.evilBranch)")
            let order = try await worker.take()
            _ = try await worker.upload("\(Self.evil)\u{1B}[31m\u{202E}", at: 0, of: order)
            let paths = [
                "/", "/repositories/shop", "/builds/\(order.build)", "/jobs/\(order.job)",
                "/jobs/\(order.job)?step=1", "/queue", "/workers", "/login",
                "/login?next=\(Self.percent(Self.evil))",
                "/repositories/shop?ref=\(Self.percent(Self.evilBranch))",
            ]
            for path in paths {
                let page = try await live.exchange("GET", path, headers: [("Accept", "text/html")])
                #expect(page.status == 200, "\(path)")
                #expect(!page.body.contains("<script>"), "\(path)")
                #expect(!page.body.contains("<img/src"), "\(path)")
                let policies = page.headers["content-security-policy"]
                #expect(policies.count == 1, "\(path)")
                let policy = policies.first ?? ""
                #expect(policy.contains("default-src 'none'"), "\(path)")
                #expect(policy.contains("script-src 'self'"), "\(path)")
                #expect(!policy.contains("unsafe"), "\(path)")
                #expect(page.headers["x-content-type-options"] == ["nosniff"], "\(path)")
                #expect(page.headers["x-frame-options"] == ["DENY"], "\(path)")
                #expect(page.headers["cache-control"] == ["no-store"], "\(path)")
            }
            let home = try await live.exchange("GET", "/builds/\(order.build)")
            #expect(home.body.contains("&lt;script&gt;alert(1)"))
        }
    }

    private static func percent(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    @Test func `every answer of the API has the headers too, once`() async throws {
        try await withMaster { live in
            for path in ["/api/v1/builds", "/nothing", "/healthz", "/cs/v1/log"] {
                let answer = try await live.exchange("GET", path)
                #expect(answer.headers["content-security-policy"].count == 1, "\(path)")
                #expect(answer.headers["x-content-type-options"] == ["nosniff"], "\(path)")
            }
        }
    }

    @Test func `the assets that a page names are there, and nothing is from elsewhere`()
        async throws
    {
        try await withMaster { live in
            let page = try await live.exchange("GET", "/")
            let names = page.body.matches(of: #/(?:src|href)="([^"]+)"/#).map { String($0.1) }
            #expect(!names.isEmpty)
            for name in names {
                #expect(name.hasPrefix("/") || name.hasPrefix("#"), "\(name)")
                #expect(!name.hasPrefix("//"), "\(name)")
            }
            for name in names where name.hasPrefix("/assets/") {
                let asset = try await live.exchange("GET", name)
                #expect(asset.status == 200, "\(name)")
                #expect(asset.headers["cache-control"].first?.contains("immutable") == true)
            }
            let climb = try await live.exchange("GET", "/assets/..%2f..%2fetc%2fpasswd")
            #expect(climb.status == 404)
        }
    }
}
