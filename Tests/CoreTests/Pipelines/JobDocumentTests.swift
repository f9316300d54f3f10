import Core
import Foundation
import Testing

@Suite struct JobDocumentTests {
    /// As version 0.1 stored it.
    private static let old = """
        {"allowFailure":false,"artifacts":[{"name":"app","paths":["dist/app"]}],
        "condition":"success","labels":["docker"],"name":"package","needs":["test"],"steps":[
        {"action":{"run":{"script":"make"}},"allowFailure":false,"condition":"always",
        "environment":{"LANG":"C.UTF-8"},"image":{"reference":{"_0":"debian:bookworm-slim"}},
        "name":"make","timeout":60},
        {"action":{"download":{"artifact":"app","job":"test","to":"dist"}},"allowFailure":true,
        "condition":"failure","environment":{},"name":"get"},
        {"action":{"publish":{"_0":{"channel":"dev","from":"dist","unit":"billing",
        "version":"${{ semver }}"}}},"allowFailure":false,"condition":"success","environment":{},
        "image":{"folder":{"_0":"swift"}},"name":"publish"},
        {"action":{"promote":{"channel":"staging"}},"allowFailure":false,"condition":"success",
        "environment":{},"name":"promote"}],"timeout":3600}
        """

    private static let spec = JobSpec(
        name: "package",
        needs: ["test"],
        labels: ["docker"],
        steps: [
            StepSpec(
                name: "make",
                action: .run(script: "make"),
                condition: .always,
                timeout: .seconds(60),
                image: .reference("debian:bookworm-slim"),
                environment: ["LANG": Template(constant: "C.UTF-8")]
            ),
            StepSpec(
                name: "get",
                action: .download(job: "test", artifact: "app", to: "dist"),
                condition: .failure,
                allowFailure: true
            ),
            StepSpec(
                name: "publish",
                action: .publish(
                    PublishSpec(
                        unit: Template(constant: "billing"),
                        from: Template(constant: "dist"),
                        version: Template("${{ semver }}"),
                        channel: Template(constant: "dev")
                    )
                ),
                image: .folder("swift")
            ),
            StepSpec(
                name: "promote",
                action: .promote(unit: nil, channel: Template(constant: "staging"))
            ),
        ],
        artifacts: [ArtifactSpec(name: "app", paths: ["dist/app"])]
    )

    private func json(_ spec: JobSpec) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(spec), as: UTF8.self)
    }

    @Test func `a document of the first version still means what it meant`() throws {
        let decoded = try JSONDecoder().decode(JobSpec.self, from: Data(Self.old.utf8))
        #expect(decoded == Self.spec)
    }

    @Test func `a job that uses nothing new is the same document as before`() throws {
        #expect(try json(Self.spec) == Self.old.split(separator: "\n").joined())
    }

    @Test func `a job that uses everything comes back as it was`() throws {
        var spec = Self.spec
        spec.key = "pack"
        spec.matrix = ["swift": "6.10"]
        spec.failFast = "pack"
        spec.optionalNeeds = ["test"]
        spec.condition = Condition(try Expression("needs.test.outputs.x == 'it''s'"))
        spec.resources = Resources(millicpu: 1_500, memory: ByteSize(written: "8GiB"))
        spec.onLost = .wait
        spec.services = [
            ServiceSpec(
                name: "db",
                openImage: Template("pg:${{ needs.test.outputs.v }}"),
                environment: ["A": Template(constant: "${{ x }}")],
                health: HealthCheck(run: "true")
            )
        ]
        spec.caches = [CacheSpec(key: Template("a-${{ hash('x') }}"), paths: ["x"])]
        spec.checkout = Checkout.none
        spec.idleTimeout = .minutes(10)
        spec.channel = "staging"
        spec.reports = [ReportSpec(kind: .junit, paths: ["**/junit.xml"])]
        spec.artifacts[0].expireIn = .days(30)
        spec.artifacts[0].when = .always
        spec.steps[0].skipReason = "no"
        spec.steps[0].idleTimeout = .seconds(5)
        spec.steps[0].retry = RetryRule(
            max: 2,
            causes: [.exception, .timeout, .failure, .code(75)]
        )
        spec.steps[0].exitCodes = [77: .skipped, 3: .warnings]
        spec.steps[0].locks = [LockSpec(name: "l", count: 2, mode: .counting, scope: .worker)]
        spec.steps[0].secrets = [SecretRequest(variable: "K", from: "key", form: .file)]
        spec.steps[0].image = nil
        spec.steps[0].openImage = Template("a:${{ needs.test.outputs.v }}")
        spec.steps[0].shell = "/bin/bash"
        spec.steps[1].action = .plugin
        spec.steps[3].action = .gate(
            GateSpec(name: "go", approvers: ["team:x"], min: 2, timeout: .hours(72))
        )
        let text = try json(spec)
        let decoded = try JSONDecoder().decode(JobSpec.self, from: Data(text.utf8))
        #expect(decoded == spec)
    }
}
