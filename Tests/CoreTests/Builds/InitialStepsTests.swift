import Core
import Testing

@Suite struct InitialStepsTests {
    @Test func `the steps of a new attempt begin with the setup and keep their order`() {
        let spec = JobSpec(
            name: "test",
            steps: [
                StepSpec(name: "Tests", action: .run(script: "true")),
                StepSpec(name: "Get", action: .download(job: "a", artifact: "b", to: "c")),
                StepSpec(
                    name: "Publish",
                    action: .publish(PublishSpec(from: Template(constant: ".")))
                ),
                StepSpec(
                    name: "Promote",
                    action: .promote(unit: nil, channel: Template(constant: "staging"))
                ),
            ]
        )
        let steps = initialSteps(of: spec)
        #expect(steps.map(\.index) == [0, 1, 2, 3, 4])
        #expect(steps.map(\.name) == ["Set up", "Tests", "Get", "Publish", "Promote"])
        #expect(steps.map(\.kind) == [.setup, .run, .download, .publish, .promote])
        #expect(steps.allSatisfy { $0.state == .waiting && $0.result == nil })
    }
}
