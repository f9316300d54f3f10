import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Master

@Suite struct ManualFormTests {
    private static let pipeline = """
        on:
          manual:
            inputs:
              level: { type: choice, options: [quick, full], default: quick }
              count: { type: number, description: How many }
              dry: { type: boolean }
              who: { type: string, required: true }

        """ + onePipeline

    @Test func `a pipeline with inputs has a form, which says beside each field what is wrong`()
        async throws
    {
        try await withMaster { live in
            let repository = try await live.repository()
            try await repository.push(["pipelines/deploy.yml": Self.pipeline])
            let code = live.master.access.makeSignInCode()
            let signedIn = try await live.exchange("GET", "/login?code=\(code)")
            let header = try #require(signedIn.headers.first(name: "set-cookie"))
            let cookie = ("Cookie", String(header.prefix { $0 != ";" }))
            let page = try await eventually("the form") { () -> String? in
                let page = try await live.exchange(
                    "GET",
                    "/repositories/shop",
                    headers: [cookie]
                ).body
                return page.contains("manual-builds") ? page : nil
            }
            #expect(page.contains(#"<option value="quick" selected>"#))
            #expect(page.contains(#"type="checkbox""#))
            #expect(page.contains("How many"))
            let match = try #require(page.firstMatch(of: #/name="csrf" value="([0-9a-f]{64})"/#))
            func send(_ fields: String) async throws -> (Int, String, String?) {
                let answer = try await live.exchange(
                    "POST",
                    "/repositories/shop/manual-builds",
                    headers: [cookie, ("Origin", live.url), ("Accept", "text/html")],
                    body: "csrf=\(match.1)&pipeline=deploy&ref=main&\(fields)"
                )
                return (answer.status, answer.body, answer.headers.first(name: "location"))
            }
            let wrong = try await send("input.count=many&input.level=huge")
            #expect(wrong.0 == 422)
            #expect(wrong.1.contains("It is a number such as 7 or 2.5, not &#39;many&#39;."))
            #expect(wrong.1.contains("It is required."))
            #expect(wrong.1.contains(#"value="many""#))
            #expect(try await live.admin.json("/api/v1/builds").items.elements.isEmpty)
            let right = try await send(
                "input.count=2&input.level=full&input.dry=true&input.who=Ada"
            )
            #expect(right.0 == 303)
            let build = try await live.exchange("GET", right.2 ?? "/", headers: [cookie]).body
            for value in ["<bdi>full</bdi>", "<bdi>2</bdi>", "<bdi>true</bdi>", "<bdi>Ada</bdi>"] {
                #expect(build.contains(value), "\(value)")
            }
        }
    }
}
