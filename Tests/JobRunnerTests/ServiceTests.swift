import Core
import JobRunner
import Testing

/// Containers that run beside the steps.
@Suite(.serialized) struct ServiceTests {
    /// A web server whose page says what its environment holds.
    private static let dockerfile = """
        FROM busybox:1
        CMD ["sh", "-c", "mkdir /www; sleep 1; echo $GREETING >/www/index.html; httpd -f -h /www"]

        """

    private func assignment(
        _ steps: [StepSpec],
        health: HealthCheck? = HealthCheck(run: "wget -qO- http://localhost/"),
        image: ImageSource = .folder("web")
    ) -> JobAssignment {
        var assignment = JobAssignment.of(steps)
        assignment.spec.services = [
            ServiceSpec(
                name: "web",
                image: image,
                environment: ["GREETING": Template(constant: "ahoy 'there' $HOME")],
                health: health
            )
        ]
        return assignment
    }

    private let source = TestSource(files: ["containers/web/Dockerfile": Self.dockerfile])

    @Test func `steps reach a service by its name, once it is healthy`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let berth = try fixture.runner.moor(
                assignment([.run("wget -qO- http://web/"), .run("wget -qO- http://web/")])
            )
            let outcome = try await fixture.run(berth, source: source)
            let setup = try berth.text(of: 0)
            #expect(outcome.result == .success, "\(setup)")
            #expect(try berth.text(of: 1) == "ahoy 'there' $HOME\n")
            #expect(setup.contains("Service web is ready"))
            await fixture.runner.release(berth)
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    @Test func `a service that does not get healthy fails the job, and says why`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let health = HealthCheck(run: "echo not yet >&2; false", timeout: .seconds(2))
            let berth = try fixture.runner.moor(assignment([.run("true")], health: health))
            let outcome = try await fixture.run(berth, source: source)
            #expect(outcome.result == .failure)
            #expect(outcome.reason?.contains("web was not ready after 2s") == true)
            #expect(outcome.reason?.contains("not yet") == true)
            #expect(outcome.steps[1].result == .skipped)
        }
    }

    @Test func `a service that ends at once fails the job`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            // The shell of busybox has nothing to read and ends.
            let berth = try fixture.runner.moor(
                assignment([.run("true")], image: .reference("busybox:1"))
            )
            let outcome = try await fixture.run(berth, source: source)
            #expect(outcome.result == .failure)
            #expect(outcome.reason?.contains("service web ended") == true)
        }
    }
}
