import Conversion
import Testing

@testable import slipway

@Suite struct ConvertTests {
    @Test(arguments: [
        ("on: push\njobs: { a: { steps: [{ run: x }] } }\n", "converted whole"),
        (
            "on: push\npermissions: {}\njobs: { a: { steps: [{ run: x }] } }\n",
            "converted whole, 1 place to look at"
        ),
        (
            "on: push\njobs: { a: { steps: [{ run: x }, { uses: y/z }] } }\n",
            "converted in part: 1 not converted"
        ),
        ("on: push\n", "nothing was converted"),
    ])
    func `the verdict says how much came along`(text: String, verdict: String) {
        let conversion = convert(Array(text.utf8), from: .github, path: "ci.yml")
        #expect(ConvertCommand.verdict(conversion) == verdict)
    }

    @Test func `a file that is not there is not found`() {
        let error = #expect(throws: CommandError.self) {
            try ConvertCommand.bytes(of: "/nowhere/ci.yml")
        }
        #expect(error?.status == .notFound)
    }
}
