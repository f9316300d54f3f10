import ArgumentParser
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks what Slipway needs on this machine, and says what to do.",
        discussion: "The exit code is 1 if there is a problem."
    )

    @Flag(name: .customLong("json"), help: "Print the findings as JSON.")
    var isJSON = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let findings = await Examination(connection: try server.connect(), folders: .standard)
            .findings()
        if isJSON {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Output.standard.json(try encoder.encode(findings))
        } else {
            for finding in findings { show(finding) }
        }
        if findings.contains(where: \.isProblem) { throw ExitCode(CommandStatus.red.rawValue) }
    }

    private func show(_ finding: Finding) {
        let name = finding.subject.padding(toLength: 8, withPad: " ", startingAt: 0)
        Output.standard.line([
            finding.isProblem ? Tinted("problem", .red) : Tinted("ok     ", .green),
            Tinted(name, .bold), Tinted(finding.observation),
        ])
        if let remedy = finding.remedy, finding.isProblem {
            Output.standard.line([Tinted("        "), Tinted("         \(remedy)")])
        }
    }
}
